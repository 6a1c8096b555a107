// The state of a server as an archive that operators keep, and an archive as the state of the cluster.
// Upstream: snapshot/snapshot.go, agent/consul/snapshot_endpoint.go. Saving works on any server, restoring on
// the leader; an archive is read to its end, and its state tried, before raft hears of it.

import type { Readable } from 'node:stream';
import { concatBytes, DecodeError, encodeWith, gossipDialect, list, text } from '@reeve/bytes';
import type { Done, OpenSnapshot, RaftError, SnapshotMeta, SnapshotStore } from '@reeve/raft';
import type { Result, Runtime } from '@reeve/runtime';
import { StateReader } from '../core/index.ts';
import { ArchiveError, type ArchiveMetadata, readArchive, writeArchive } from '../snapshot-archive/index.ts';
import { roomForValues } from './room-for-values.ts';

/** What a server's raft is asked for. */
export interface ArchivedRaft {
  takeSnapshot(done: Done<void>): void;
  restore(state: Uint8Array, index: number, done: Done<void>): void;
}

/** What archives are made of. */
export interface StateArchivesOptions {
  readonly runtime: Runtime;
  readonly raft: ArchivedRaft;
  readonly snapshots: SnapshotStore;
}

/** An archive, and the index of the last entry that is in it. */
export interface SavedArchive {
  readonly index: number;
  readonly archive: Readable;
}

/** Saves and restores the state of one server. */
export class StateArchives {
  readonly #options: StateArchivesOptions;
  #isRestoring = false;

  constructor(options: StateArchivesOptions) {
    this.#options = options;
  }

  /** The state as of now. Rejects with the text for the client. */
  async save(): Promise<SavedArchive> {
    const { raft, snapshots, runtime } = this.#options;
    const taken = await settled<void, RaftError>((done) => raft.takeSnapshot(done));
    // When there is nothing new, the last one is still the newest state.
    if (!taken.ok && taken.error.code !== 'nothing-new')
      throw new Error(`Raft error when taking snapshot: ${taken.error.message}`);
    const opened = await settled<OpenSnapshot, Error>((done) => snapshots.open(done));
    if (!opened.ok) throw new Error(`failed to open snapshot: ${opened.error.message}:`);
    const { meta } = opened.value;
    const archive = writeArchive(metadataOf(meta, runtime.clock.wallTime()), piecesOf(opened.value));
    return { index: meta.index, archive };
  }

  /** Makes the state in an archive that of the cluster. Rejects with the text for the client. */
  async restore(archive: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.#isRestoring) throw new Error('another snapshot is being restored');
    this.#isRestoring = true;
    try {
      await this.#restore(archive);
    } finally {
      this.#isRestoring = false;
    }
  }

  async #restore(archive: AsyncIterable<Uint8Array>): Promise<void> {
    const pieces: Uint8Array[] = [];
    const reader = new StateReader(Math.trunc(roomForValues() / statesAtOnce));
    const onState = (piece: Uint8Array): void => {
      pieces.push(piece);
      refusing(() => reader.push(piece));
    };
    const { index } = await readArchive(archive, { onState, stateBytesMax });
    refusing(() => reader.finish());
    const { raft } = this.#options;
    const state = concatBytes(pieces.splice(0));
    const restored = await settled<void, RaftError>((done) => raft.restore(state, index, done));
    if (!restored.ok) throw new Error(`Raft error when restoring snapshot: ${restored.error.message}`);
  }
}

/** Read as fast as it is taken. */
function* piecesOf(snapshot: OpenSnapshot): Generator<Uint8Array> {
  try {
    for (;;) {
      const piece = snapshot.read();
      if (!piece.ok) throw piece.error;
      if (piece.value.length === 0) return;
      yield piece.value;
    }
  } finally {
    snapshot.close();
  }
}

function metadataOf(meta: SnapshotMeta, wallTime: number): ArchiveMetadata {
  const { index, term, configuration, configurationIndex, sizeBytes: stateBytes } = meta;
  const addresses = configuration.servers.map(({ address }) => address);
  const peers = encodeWith(list(text, addresses.length), gossipDialect, addresses);
  const id = `${term}-${index}-${Math.trunc(wallTime)}`;
  return { id, index, term, peers, configuration, configurationIndex, stateBytes };
}

/** What is no state makes an archive a wrong one. */
function refusing(step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new ArchiveError(`failed to read snapshot file: failed to decode state: ${error.message}`);
  }
}

function settled<Value, Problem extends Error>(
  begin: (done: (result: Result<Value, Problem>) => void) => void,
): Promise<Result<Value, Problem>> {
  return new Promise((resolve) => begin(resolve));
}

/** The one that there is, the one that is tried here, and the one that is read again when raft has it. */
const statesAtOnce = 3;
/** What raft keeps of a snapshot is read into one buffer, beside the state that there is. */
const stateBytesMax = 2 ** 30;
