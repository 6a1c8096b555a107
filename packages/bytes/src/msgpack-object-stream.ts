// Cuts a stream of bytes into msgpack objects. Serf's RPC and Go's net/rpc have no framing: an object ends
// where it ends.
//
// A position inside the current object is remembered, so every byte is looked at once however small the
// pieces are in which it arrives. Invariant: all of the current object before `#scanned` is well-formed.

import { DecodeError, TruncatedError } from './decode-error.ts';
import { MsgpackReader } from './msgpack-reader.ts';

/** Bytes in, whole objects out. */
export class MsgpackObjectStream {
  readonly #objectBytesMax: number;
  /** Received and not yet handed out; `#length` bytes of it are filled. */
  #buffer = new Uint8Array(0);
  #length = 0;
  /** Up to here the current object has been scanned; it starts at 0. */
  #scanned = 0;
  /** Values still to come until the current object is complete, containers counting for their elements. */
  #valuesLeft = 1;
  /** There is no point in scanning again with fewer bytes than these. */
  #needed = 1;

  /** @param objectBytesMax larger objects are a 'limit' error, as soon as their size is known. */
  constructor(objectBytesMax: number) {
    this.#objectBytesMax = objectBytesMax;
  }

  /** Bytes received and not handed out. Bounded by `objectBytesMax` and what the caller pushes on top. */
  get bufferedBytes(): number {
    return this.#length;
  }

  /** Appends what has arrived. */
  push(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = length;
  }

  /**
   * The bytes of the next whole object, a copy; undefined until more has arrived. Throws only `DecodeError`.
   */
  next(): Uint8Array | undefined {
    this.#scan();
    if (this.#valuesLeft > 0) return undefined;
    const object = this.#buffer.slice(0, this.#scanned);
    this.#buffer = this.#rest();
    this.#length -= this.#scanned;
    this.#scanned = 0;
    this.#valuesLeft = 1;
    this.#needed = 1;
    return object;
  }

  /** What stands behind the object; a little of it does not keep the memory of all that there was. */
  #rest(): Uint8Array<ArrayBuffer> {
    const rest = this.#buffer.subarray(this.#scanned, this.#length);
    const isLittle = rest.length < this.#buffer.buffer.byteLength / 4;
    return isLittle ? rest.slice() : this.#buffer.subarray(this.#scanned);
  }

  #scan(): void {
    if (this.#length < this.#needed) return;
    const reader = new MsgpackReader(this.#buffer.subarray(0, this.#length), this.#scanned);
    try {
      while (this.#valuesLeft > 0 && this.#length >= this.#needed) {
        this.#valuesLeft += readElementCount(reader) - 1;
        this.#scanned = reader.offset;
        this.#require(this.#scanned + this.#valuesLeft);
      }
    } catch (error) {
      if (!(error instanceof TruncatedError)) throw error;
      this.#require(error.needed);
    }
  }

  #require(bytes: number): void {
    if (bytes > this.#objectBytesMax) {
      throw new DecodeError('limit', `an object of ${bytes} bytes, the limit is ${this.#objectBytesMax}`);
    }
    this.#needed = bytes;
  }
}

/** Steps over one value without its elements, and says how many there are. */
function readElementCount(reader: MsgpackReader): number {
  if (reader.isMapNext()) return 2 * reader.readMapHeader();
  if (reader.isArrayNext()) return reader.readArrayHeader();
  reader.skip();
  return 0;
}
