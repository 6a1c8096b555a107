// A snapshot that is read piece by piece, by as many as want it, so that nobody holds all of it. The file is
// replaced as a whole when a newer one is kept: whoever has opened it goes on reading what it was.

import { crc32 } from '@reeve/bytes';
import type { RandomAccessFile, Result } from '@reeve/runtime';
import { RaftError, type SnapshotMeta } from '../core/index.ts';
import { readSnapshotHead } from './snapshot-file.ts';

/** A snapshot that somebody reads. */
export interface OpenSnapshot {
  readonly meta: SnapshotMeta;
  /** The next bytes of the state; none at its end. */
  read(): Result<Uint8Array>;
  close(): void;
}

/** A file, and what is known of what it holds. */
export interface SnapshotFileParts {
  readonly file: RandomAccessFile;
  readonly meta: SnapshotMeta;
  /** What stands before the state. */
  readonly headBytes: number;
  /** What to say when the file is not as it was written. */
  readonly damaged: string;
}

/** One in a file; its checksum has been compared when the last piece is given out. */
export class OpenSnapshotFile implements OpenSnapshot {
  readonly #parts: SnapshotFileParts;
  #position = 0;
  #checksum = 0;
  #expected = 0;

  constructor(parts: SnapshotFileParts) {
    this.#parts = parts;
  }

  get meta(): SnapshotMeta {
    return this.#parts.meta;
  }

  read(): Result<Uint8Array> {
    const { headBytes, meta } = this.#parts;
    if (this.#position === 0) {
      const head = this.#next(headBytes);
      if (!head.ok) return head;
      ({ expected: this.#expected, checksum: this.#checksum } = readSnapshotHead(head.value));
    }
    const leftBytes = headBytes + meta.sizeBytes - this.#position;
    const piece = this.#next(Math.min(leftBytes, pieceBytes));
    if (!piece.ok) return piece;
    this.#checksum = crc32(piece.value, this.#checksum);
    const isWhole = piece.value.length === leftBytes;
    return isWhole && this.#checksum !== this.#expected ? this.#refuse() : piece;
  }

  close(): void {
    this.#parts.file.close(() => {});
  }

  #next(bytes: number): Result<Uint8Array> {
    const value = new Uint8Array(bytes);
    const filled = this.#parts.file.readNow(this.#position, value);
    if (!filled.ok) return filled;
    this.#position += bytes;
    return filled.value === bytes ? { ok: true, value } : this.#refuse();
  }

  #refuse(): Result<Uint8Array> {
    return { ok: false, error: new RaftError('storage', this.#parts.damaged) };
  }
}

/** Read at once, from the memory of the system mostly. */
const pieceBytes = 256 * 1024;
