// The log on a disk, in LMDB: a copy-on-write tree in one file, so that a crash leaves the state before a
// write or after it. One write is one transaction and one flush, however many entries it has.
//
// LMDB has no checksums, so each record has one: what is not as it was written is refused, with the file and
// what to do about it.

import { mkdirSync, statfsSync } from 'node:fs';
import { crc32, gossipDialect, MsgpackWriter } from '@reeve/bytes';
import type { Result } from '@reeve/runtime';
import { type Database, open, type RootDatabase } from 'lmdb';
import {
  decodeHardState,
  decodeLogEntry,
  encodeHardState,
  encodeLogEntry,
  type HardState,
  type LogEntry,
  RaftError,
  type Write,
} from '../core/index.ts';
import { lockDirectory, type Unlock } from './directory-lock.ts';
import { lmdbFlaw } from './lmdb-file.ts';
import type { LogStore } from './log-store.ts';

/**
 * Opens the log in a directory, which is made if it is not there.
 * @throws RaftError `storage` when the file cannot be used, is damaged, or another process uses it.
 */
export function openLmdbLogStore(directory: string): LogStore {
  const file = `${directory}/log.mdb`;
  return guarded(file, () => {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const unlock = lockDirectory(directory);
    try {
      return new LmdbLogStore(file, openRoot(file), unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  });
}

function openRoot(file: string): RootDatabase {
  const flaw = lmdbFlaw(file);
  if (flaw !== undefined) throw damaged(file, flaw);
  // A commit includes its flush: the plain, oldest mode of LMDB. Its grouping is not needed, we group.
  return open({ path: file, overlappingSync: false, eventTurnBatching: false, maxDbs: 2 });
}

class LmdbLogStore implements LogStore {
  readonly hardState: HardState;
  readonly #file: string;
  readonly #root: RootDatabase;
  readonly #unlock: Unlock;
  /** By index. */
  readonly #entries: Database<Uint8Array, number>;
  /** One record. */
  readonly #hardState: Database<Uint8Array, string>;
  /** For all records of entries; grows to the largest. */
  readonly #writer = new MsgpackWriter(gossipDialect);
  #firstIndex: number;
  #lastIndex: number;
  /** The oldest entry in the file: those before `#firstIndex` go little by little. */
  #oldestIndex: number;

  constructor(file: string, root: RootDatabase, unlock: Unlock) {
    this.#file = file;
    this.#root = root;
    this.#unlock = unlock;
    this.#entries = root.openDB<Uint8Array, number>('entries', { encoding: 'binary' });
    this.#hardState = root.openDB<Uint8Array, string>('hard-state', { encoding: 'binary' });
    const [first] = this.#entries.getKeys({ limit: 1 });
    const [last] = this.#entries.getKeys({ limit: 1, reverse: true });
    this.#firstIndex = first ?? 1;
    this.#lastIndex = last ?? 0;
    this.#oldestIndex = this.#firstIndex;
    const held = this.#entries.getKeysCount();
    if (held !== this.#lastIndex + 1 - this.#firstIndex) throw damaged(file, 'entries are missing');
    const record = this.#hardState.get(hardStateKey);
    this.hardState = record === undefined ? noHardState : this.#decode(record, decodeHardState);
  }

  get firstIndex(): number {
    return this.#firstIndex;
  }

  get lastIndex(): number {
    return this.#lastIndex;
  }

  read(index: number): LogEntry | undefined {
    const record = this.#entries.get(index);
    return record && this.#decode(record, decodeLogEntry);
  }

  write(write: Write, done: (result: Result<void>) => void): void {
    const bounds = this.#boundsAfter(write);
    const committed = this.#root.batch(() => this.#put(write, bounds));
    const fail = (error: unknown): void => {
      const text = `${this.#file}: ${error}${fullness(this.#file)}`;
      done({ ok: false, error: new Error(text, { cause: error }) });
    };
    committed.then(
      () => {
        this.#firstIndex = bounds.firstIndex;
        this.#lastIndex = bounds.lastIndex;
        this.#oldestIndex = bounds.oldestIndex;
        done({ ok: true, value: undefined });
      },
      (error: unknown) => {
        const reason = reasonOf(error);
        if (reason === undefined) fail(error);
        else reason.catch(fail);
      },
    );
  }

  close(done: () => void): void {
    const closed = (): void => {
      this.#unlock();
      done();
    };
    this.#root.close().then(closed, closed); // what was acknowledged is flushed already
  }

  /** What the file will hold. Whoever appends to an empty log may leave a gap: nothing old may stay then. */
  #boundsAfter({ removeFrom, removeTo, entries }: Write): Bounds {
    const kept = Math.min(this.#lastIndex, (removeFrom ?? Number.POSITIVE_INFINITY) - 1);
    const firstKept = Math.max(this.#firstIndex, removeTo + 1);
    const [first] = entries;
    const last = entries.at(-1)?.index ?? kept;
    if (kept < firstKept) {
      const firstIndex = first?.index ?? firstKept;
      return { firstIndex, lastIndex: Math.max(last, firstIndex - 1), oldestIndex: firstIndex };
    }
    const oldestIndex = Math.min(firstKept, this.#oldestIndex + removalsMax);
    return { firstIndex: firstKept, lastIndex: last, oldestIndex };
  }

  /** The calls of a batch are one transaction, and only the batch tells how it ended. */
  #put({ hardState, removeFrom, entries }: Write, { oldestIndex }: Bounds): void {
    const wrongFrom = removeFrom ?? this.#lastIndex + 1;
    const oldTo = Math.min(oldestIndex, wrongFrom);
    if (hardState !== undefined) void this.#hardState.put(hardStateKey, sealed(encodeHardState(hardState)));
    for (let index = wrongFrom; index <= this.#lastIndex; index++) void this.#entries.remove(index);
    for (let index = this.#oldestIndex; index < oldTo; index++) void this.#entries.remove(index);
    for (const entry of entries) void this.#entries.put(entry.index, this.#sealedEntry(entry));
  }

  /** The record of an entry is made in one piece: thousands are made in a second. */
  #sealedEntry(entry: LogEntry): Uint8Array {
    this.#writer.raw(noChecksum);
    const record = encodeLogEntry(entry, this.#writer);
    setChecksum(record);
    return record;
  }

  #decode<T>(record: Uint8Array, decode: (bytes: Uint8Array) => T): T {
    const body = record.subarray(checksumBytes);
    const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
    if (record.length < checksumBytes || view.getUint32(0) !== crc32(body))
      throw damaged(this.#file, 'a checksum is wrong');
    return decode(body);
  }
}

interface Bounds {
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly oldestIndex: number;
}

/** What LMDB says later about why a commit failed. */
function reasonOf(error: unknown): Promise<unknown> | undefined {
  const reason = error instanceof Error && 'commitError' in error ? error.commitError : undefined;
  return reason instanceof Promise ? reason : undefined;
}

/** A record behind its checksum. */
function sealed(body: Uint8Array): Uint8Array {
  const record = new Uint8Array(checksumBytes + body.length);
  record.set(body, checksumBytes);
  setChecksum(record);
  return record;
}

/** Fills in the checksum of what lies behind it. */
function setChecksum(record: Uint8Array): void {
  new DataView(record.buffer, record.byteOffset).setUint32(0, crc32(record.subarray(checksumBytes)));
}

/** LMDB says of a full disk only that it could not write. */
function fullness(file: string): string {
  const { bavail, bsize } = statfsSync(file);
  return bavail * bsize < roomMin ? ': no space is left on its disk' : '';
}

function guarded<T>(file: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof RaftError) throw error;
    throw damaged(file, error instanceof Error ? error.message : String(error), error);
  }
}

function damaged(file: string, what: string, cause?: unknown): RaftError {
  const directory = file.slice(0, file.lastIndexOf('/'));
  const text =
    `${file}: the raft log cannot be used: ${what}. Make the file readable and writable, or put back a ` +
    `copy of ${directory}; or, if the other servers have a leader, remove ${directory} and start again: ` +
    'they send everything';
  return new RaftError('storage', text, { cause });
}

const noHardState: HardState = { term: 0, votedFor: '' };
const hardStateKey = 'term and vote';
const checksumBytes = 4;
const noChecksum = new Uint8Array(checksumBytes);
/** Less than the pages of a write of some entries, bytes. */
const roomMin = 1 << 20;
/** How many entries that are in a snapshot go with one write, so that none takes long. */
const removalsMax = 1_024;
