// The block of a file that was read last: entries are mostly read one after the other, by a server that
// starts and for a follower that is behind.

import type { DiskError, RandomAccessFile, Result } from '@reeve/runtime';

/** One block, for all segments of a log. */
export class ReadAhead {
  #file: RandomAccessFile | undefined;
  #position = 0;
  /** Of the room for a block, what was read. */
  #block: Uint8Array = new Uint8Array();
  #room: Uint8Array | undefined;

  /**
   * Bytes of a file, which are not to be kept beyond the next call; fewer if the file ends. They must not
   * change any more, up to `limit`.
   */
  read(
    file: RandomAccessFile,
    position: number,
    bytes: number,
    limit: number,
  ): Result<Uint8Array, DiskError> {
    const at = position - this.#position;
    if (file === this.#file && at >= 0 && at + bytes <= this.#block.length)
      return { ok: true, value: this.#block.subarray(at, at + bytes) };
    const into = bytes > blockBytes ? new Uint8Array(bytes) : this.#roomFor(limit - position);
    const result = file.readNow(position, into);
    if (!result.ok) return result;
    const read = into.subarray(0, result.value);
    if (bytes <= blockBytes) {
      this.#file = file;
      this.#position = position;
      this.#block = read;
    }
    return { ok: true, value: read.subarray(0, bytes) };
  }

  #roomFor(bytes: number): Uint8Array {
    this.#file = undefined;
    this.#room ??= new Uint8Array(blockBytes);
    return this.#room.subarray(0, bytes);
  }
}

const blockBytes = 64 << 10;
