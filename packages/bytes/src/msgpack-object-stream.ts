// Cuts a stream of bytes into msgpack objects. Serf's RPC, Go's net/rpc and raft's have no framing: an object
// ends where it ends.
//
// A position inside the current object is remembered, so every byte is looked at once however small the
// pieces are in which it arrives. Invariant: all of the current object before `#scanned` is well-formed.

import { DecodeError, TruncatedError } from './decode-error.ts';
import { MsgpackReader } from './msgpack-reader.ts';

/** Bytes in, whole objects out. */
export class MsgpackObjectStream {
  readonly #objectBytesMax: number;
  readonly #valuesPerObject: number;
  /** Room for what has arrived; the current object starts at `#start`, and at `#end` there is nothing yet. */
  #room = new Uint8Array(0);
  #start = 0;
  #end = 0;
  /** So much of the current object has been scanned. */
  #scanned = 0;
  /** Values still to come until the current object is complete, containers counting for their elements. */
  #valuesLeft: number;
  #values = 0;
  /** There is no point in scanning again with fewer bytes than these. */
  #needed = 1;

  /**
   * @param objectBytesMax larger objects are a 'limit' error, as soon as their size is known.
   * @param valuesPerObject what belongs together: raft's questions are two values, a type and a struct.
   */
  constructor(objectBytesMax: number, valuesPerObject = 1) {
    this.#objectBytesMax = objectBytesMax;
    this.#valuesPerObject = valuesPerObject;
    this.#valuesLeft = valuesPerObject;
  }

  /** Bytes received and not handed out. Bounded by `objectBytesMax` and what the caller pushes on top. */
  get bufferedBytes(): number {
    return this.#end - this.#start;
  }

  /** What they take of our memory: some room is kept for what comes next. */
  get heldBytes(): number {
    return this.#room.length;
  }

  /** How many values there have been, in all objects, containers and what is in them. */
  get values(): number {
    return this.#values;
  }

  /** Appends what has arrived. */
  push(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#room.length) this.#makeRoom(chunk.length);
    this.#room.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /**
   * The bytes of the next whole object, a copy; undefined until more has arrived. Throws only `DecodeError`.
   */
  next(): Uint8Array | undefined {
    return this.nextInPlace()?.slice();
  }

  /** The same, but no copy: it is to be read before anything is pushed. */
  nextInPlace(): Uint8Array | undefined {
    this.#scan();
    if (this.#valuesLeft > 0) return undefined;
    const object = this.#room.subarray(this.#start, this.#start + this.#scanned);
    this.#drop(this.#scanned);
    return object;
  }

  /** Up to so many bytes as they are, a copy: what stands between objects and is none. */
  take(bytesMax: number): Uint8Array {
    const bytes = this.#room.slice(this.#start, Math.min(this.#end, this.#start + bytesMax));
    this.#drop(bytes.length);
    return bytes;
  }

  #scan(): void {
    const received = this.#room.subarray(this.#start, this.#end);
    if (received.length < this.#needed) return;
    const reader = new MsgpackReader(received, this.#scanned);
    try {
      while (this.#valuesLeft > 0 && received.length >= this.#needed) {
        this.#valuesLeft += reader.skipOne() - 1;
        this.#values++;
        this.#scanned = reader.offset;
        this.#require(this.#scanned + this.#valuesLeft); // each takes a byte at least
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

  /** The next object begins behind so many bytes; a little of it does not keep the room of a large one. */
  #drop(bytes: number): void {
    this.#start += bytes;
    this.#scanned = 0;
    this.#valuesLeft = this.#valuesPerObject;
    this.#needed = 1;
    const { bufferedBytes } = this;
    if (this.#room.length > roomKept && bufferedBytes < this.#room.length / 4) {
      this.#moveTo(new Uint8Array(bufferedBytes));
    } else if (bufferedBytes === 0) {
      this.#start = 0;
      this.#end = 0;
    }
  }

  /** Moves what is there to the beginning, of a larger room if it fills more than half of this one. */
  #makeRoom(bytes: number): void {
    const needed = this.bufferedBytes + bytes;
    if (needed <= this.#room.length / 2) return this.#moveTo(this.#room);
    this.#moveTo(new Uint8Array(Math.max(needed, Math.min(2 * needed, this.#objectBytesMax))));
  }

  #moveTo(room: Uint8Array<ArrayBuffer>): void {
    room.set(this.#room.subarray(this.#start, this.#end));
    this.#end = this.bufferedBytes;
    this.#start = 0;
    this.#room = room;
  }
}

/** A larger room is given back when next to nothing is in it. */
const roomKept = 65_536;
