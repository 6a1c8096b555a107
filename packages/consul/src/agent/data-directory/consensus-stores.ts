// Where a server keeps its part of the consensus: in the data directory, or nowhere in development mode.

import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  type LogStore,
  MemoryLogStore,
  MemorySnapshots,
  openSnapshots,
  type SnapshotStore,
} from '@reeve/raft';
import type { Result, Runtime } from '@reeve/runtime';
import type { RuntimeConfig } from '../../config/runtime-config.ts';
import { recoverFromPeersFile } from './peers-file.ts';

/** Log and snapshots. */
export interface ConsensusStores {
  readonly log: LogStore;
  readonly snapshots: SnapshotStore;
}

/**
 * Opens the stores, and does what an operator's peers.json says. `tell` takes lines for the log. Rejects with
 * a text that names a file that is damaged.
 */
export async function openConsensusStores(
  { identity: { dataDir } }: RuntimeConfig,
  { timers, disk }: Runtime,
  tell: (line: string) => void,
): Promise<ConsensusStores> {
  if (dataDir === '') {
    return { log: new MemoryLogStore(timers), snapshots: new MemorySnapshots(timers) };
  }
  const directory = join(dataDir, 'raft');
  makeLasting(directory);
  const { openLogStore } = await import('@reeve/raft/node'); // -dev does without
  const stores = {
    snapshots: await opened<SnapshotStore>((done) => openSnapshots(disk, directory, done)),
    log: await opened<LogStore>((done) => openLogStore(disk, directory, done)),
  };
  try {
    await recoverFromPeersFile(directory, { ...stores, tell });
  } catch (error) {
    await new Promise<void>((closed) => stores.log.close(closed));
    throw error;
  }
  return stores;
}

/** Makes a directory that survives a power cut, as what is acknowledged in it does. */
function makeLasting(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new Error(`mkdir ${directory}: not a directory`);
  const first = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = resolve(directory); made.length >= first.length; made = dirname(made)) {
    const parent = openSync(dirname(made), 'r');
    fsyncSync(parent);
    closeSync(parent);
  }
}

function opened<T>(open: (done: (result: Result<T>) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    open((result) => (result.ok ? resolve(result.value) : reject(result.error)));
  });
}
