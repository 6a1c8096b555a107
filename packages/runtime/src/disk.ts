// Files: what a core may keep over a restart. Calls end with a `Result`, never with a throw; bytes handed to
// a call must not be changed before that.

import type { Result } from './network.ts';

/** What went wrong with a file, in the words of the original (`open /x: no such file or directory`). */
export class DiskError extends Error {
  /** The operating system's short name, as in `ENOENT`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DiskError';
    this.code = code;
  }
}

/**
 * A file open for appending. Operations run one after the other, in the order in which they were asked for.
 */
export interface AppendFile {
  /**
   * Writes at the end. Bounded by the caller, which must not append faster than `done` comes back for ever.
   */
  append(bytes: Uint8Array, done: (result: Result<void, DiskError>) => void): void;
  /** Everything appended so far survives a power cut once `done` is called with success. */
  sync(done: (result: Result<void, DiskError>) => void): void;
  close(done: (result: Result<void, DiskError>) => void): void;
}

/** A file open for reading and writing at places of one's choice. */
export interface RandomAccessFile {
  /** Fills `into` with the bytes from a position on, at once: how many there were before the file ended. */
  readNow(position: number, into: Uint8Array): Result<number, DiskError>;
  /**
   * Writes at a position, beyond the end too. What was written survives a power cut once `done` is called
   * with success; of a write that fails or is cut off any of its sectors may be there. One at a time.
   */
  writeDurably(position: number, bytes: Uint8Array, done: (result: Result<void, DiskError>) => void): void;
  /** Not while a write is under way. */
  close(done: (result: Result<void, DiskError>) => void): void;
}

/** Files, as far as a core needs them. Paths are the operating system's. */
export interface Disk {
  /**
   * The whole file; `ENOENT` if there is none. Files over `bytesMax` fail with `EFBIG` before anything is
   * read.
   */
  read(path: string, bytesMax: number, done: (result: Result<Uint8Array, DiskError>) => void): void;
  /** Opens for appending, creating the file with `mode`. */
  openAppend(path: string, mode: number, done: (result: Result<AppendFile, DiskError>) => void): void;
  /** Opens a file that is there, for reading and writing in place. */
  openRandomAccess(path: string, done: (result: Result<RandomAccessFile, DiskError>) => void): void;
  /** The names in a directory, in any order. */
  list(directory: string, done: (result: Result<readonly string[], DiskError>) => void): void;
  /** Removes a file. A power cut may bring it back. */
  remove(path: string, done: (result: Result<void, DiskError>) => void): void;
  /**
   * Writes a new file beside `path`, syncs it and renames it over `path`: afterwards either the old or the
   * new content is there, also when several processes replace it at once. Errors name `path`. What is large
   * may come in pieces.
   */
  replace(
    path: string,
    bytes: Uint8Array | readonly Uint8Array[],
    mode: number,
    done: (result: Result<void, DiskError>) => void,
  ): void;
}
