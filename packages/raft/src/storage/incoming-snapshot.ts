// A snapshot that another server sends, until all of it is there: in a file beside those that are kept, since
// nobody knows yet whether it will ever be whole. There is one at a time; the next takes the place of one
// that was not finished. Next: snapshot-store.ts.

import { concatBytes } from '@reeve/bytes';
import type { AppendFile, Disk, Result, Timers } from '@reeve/runtime';

/** Takes the bytes of a snapshot as they come. */
export interface IncomingSnapshot {
  /** The next bytes; `done` when they are kept. One call at a time. */
  write(piece: Uint8Array, done: (result: Result<void>) => void): void;
  /** All of them, which are kept no longer then. */
  finish(done: (result: Result<Uint8Array>) => void): void;
  /** Nobody wants them. */
  drop(): void;
}

/** The file in which they arrive. */
export class IncomingFile {
  readonly #disk: Disk;
  readonly #path: string;
  /** How many have begun: only the last one may touch the file. */
  #begun = 0;

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  /** Empties the file for the next one. */
  begin(done: (result: Result<IncomingSnapshot>) => void): void {
    const number = ++this.#begun;
    this.#disk.replace(this.#path, noBytes, fileMode, (emptied) => {
      if (!emptied.ok) return done(emptied);
      this.#disk.openAppend(this.#path, fileMode, (opened) => {
        done(opened.ok ? { ok: true, value: this.#incoming(opened.value, number) } : opened);
      });
    });
  }

  #incoming(file: AppendFile, number: number): IncomingSnapshot {
    let sizeBytes = 0;
    const drop = (): void => {
      file.close(() => {
        // The file stays, empty, for the next one.
        if (this.#begun === number) this.#disk.replace(this.#path, noBytes, fileMode, () => {});
      });
    };
    return {
      write: (piece, done) => {
        sizeBytes += piece.length;
        file.append(piece, done);
      },
      finish: (done) =>
        this.#disk.read(this.#path, sizeBytes, (result) => {
          drop();
          const isWhole = !result.ok || result.value.length === sizeBytes;
          done(isWhole ? result : { ok: false, error: new Error(`${this.#path} is not what was written`) });
        }),
      drop,
    };
  }
}

/** In memory, for servers that keep everything there. */
export class IncomingPieces implements IncomingSnapshot {
  readonly #timers: Timers;
  /** Bounded by the size that was announced. */
  #pieces: Uint8Array[] = [];

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  write(piece: Uint8Array, done: (result: Result<void>) => void): void {
    this.#pieces.push(piece);
    this.#timers.after(0, () => done({ ok: true, value: undefined }));
  }

  finish(done: (result: Result<Uint8Array>) => void): void {
    const value = concatBytes(this.#pieces);
    this.drop();
    this.#timers.after(0, () => done({ ok: true, value }));
  }

  drop(): void {
    this.#pieces = [];
  }
}

const noBytes = new Uint8Array();
const fileMode = 0o600;
