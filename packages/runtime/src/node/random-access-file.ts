// A file over node:fs that is read at once and written durably.
//
// Where the system promises it, a write and its flush are one call (O_DSYNC), and so one way to a thread and
// back. Elsewhere the flush is a call of its own.

import { constants, fdatasync, readSync, write } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { DiskError, RandomAccessFile } from '../disk.ts';
import { closedFileFailure } from '../failures.ts';
import type { Result } from '../network.ts';
import { diskError } from './system-error.ts';

/** Opens a file that is there. Rejects with what Node says. */
export async function openRandomAccess(path: string): Promise<RandomAccessFile> {
  return new NodeRandomAccessFile(path, await open(path, constants.O_RDWR | syncFlag));
}

type Done = (result: Result<void, DiskError>) => void;

class NodeRandomAccessFile implements RandomAccessFile {
  readonly #path: string;
  readonly #file: FileHandle;
  #isOpen = true;

  constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  readNow(position: number, into: Uint8Array): Result<number, DiskError> {
    if (!this.#isOpen) return { ok: false, error: closedFileFailure('read', this.#path) };
    try {
      let filled = 0;
      while (filled < into.length) {
        const bytes = readSync(this.#file.fd, into, filled, into.length - filled, position + filled);
        if (bytes === 0) break;
        filled += bytes;
      }
      return { ok: true, value: filled };
    } catch (error) {
      return { ok: false, error: diskError(error, this.#path) };
    }
  }

  writeDurably(position: number, bytes: Uint8Array, done: Done): void {
    if (!this.#isOpen) return this.#failClosed('write', done);
    write(this.#file.fd, bytes, 0, bytes.length, position, (error, written) => {
      if (error !== null) return done({ ok: false, error: diskError(error, this.#path) });
      if (written < bytes.length) this.writeDurably(position + written, bytes.subarray(written), done);
      else this.#flush(done);
    });
  }

  close(done: Done): void {
    if (!this.#isOpen) return this.#failClosed('close', done);
    this.#isOpen = false;
    this.#file.close().then(
      () => process.nextTick(done, succeeded), // outside of all promises, so that it may throw
      (error: unknown) => process.nextTick(done, { ok: false, error: diskError(error, this.#path) }),
    );
  }

  #flush(done: Done): void {
    if (syncFlag !== 0) return done(succeeded);
    fdatasync(this.#file.fd, (error) => {
      done(error === null ? succeeded : { ok: false, error: diskError(error, this.#path) });
    });
  }

  #failClosed(call: string, done: Done): void {
    process.nextTick(done, { ok: false, error: closedFileFailure(call, this.#path) });
  }
}

const succeeded = { ok: true, value: undefined } as const;
/** macOS has the flag, and does not flush the disk's own memory for it. */
const syncFlag = process.platform === 'linux' ? constants.O_DSYNC : 0;
