// Turns what arrives on a connection, cut anywhere, into whole messages. Each of Raft's is two msgpack
// values: a type and a question, or an error and an answer.
//
// The end of a message is looked for where the last look stopped, and it is decoded once, when all of it is
// there: what comes a byte at a time costs no more than what comes at once.

import { DecodeError, MsgpackReader, TruncatedError } from '@reeve/bytes';

/** Keeps what has arrived of the next message. Bounded by `bytesMax` and what comes behind it at once. */
export class MessageBuffer {
  readonly #bytesMax: number;
  /** Room for what has arrived, of which `#start` to `#end` is in use. */
  #room = new Uint8Array(roomMin);
  #start = 0;
  #end = 0;
  /** How much of the message has been looked at, and how many values of it are still to come. */
  #scanned = 0;
  #valuesLeft = valuesPerMessage;

  /** @param bytesMax of one message. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** How much has arrived and was not read. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Takes the next chunk. */
  push(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#room.length) this.#makeRoom(chunk.length);
    this.#room.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The next message if all of it is there. @throws DecodeError when it is none or exceeds the bound. */
  read<T>(parse: (reader: MsgpackReader) => T): { readonly message: T } | undefined {
    const bytes = this.#room.subarray(this.#start, this.#end);
    if (!this.#isWhole(bytes)) return undefined;
    const message = parse(new MsgpackReader(bytes.subarray(0, this.#scanned)));
    this.#drop(this.#scanned);
    return { message };
  }

  /** Up to so many bytes as they are, in an array of their own. */
  take(bytesMax: number): Uint8Array {
    const bytes = this.#room.slice(this.#start, Math.min(this.#end, this.#start + bytesMax));
    this.#drop(bytes.length);
    return bytes;
  }

  /** Goes on to look for the end of the message. */
  #isWhole(bytes: Uint8Array): boolean {
    const reader = new MsgpackReader(bytes, this.#scanned);
    try {
      while (this.#valuesLeft > 0 && reader.remaining > 0) {
        this.#valuesLeft += reader.skipOne() - 1;
        this.#scanned = reader.offset;
      }
    } catch (error) {
      if (!(error instanceof TruncatedError)) throw error;
      this.#requireBound(error.needed);
      return false;
    }
    this.#requireBound(this.#scanned + this.#valuesLeft); // each takes a byte at least
    return this.#valuesLeft === 0;
  }

  #requireBound(bytes: number): void {
    if (bytes > this.#bytesMax)
      throw new DecodeError('limit', `a message of more than ${this.#bytesMax} bytes`);
  }

  #drop(bytes: number): void {
    this.#start += bytes;
    this.#scanned = 0;
    this.#valuesLeft = valuesPerMessage;
    if (this.#start < this.#end) return;
    this.#start = 0;
    this.#end = 0;
    if (this.#room.length > roomKept) this.#room = new Uint8Array(roomMin);
  }

  /** Moves what is there to the beginning, of a larger room if it fills more than half of this one. */
  #makeRoom(bytes: number): void {
    const { length } = this;
    const needed = length + bytes;
    const room = needed > this.#room.length / 2 ? new Uint8Array(2 * needed) : this.#room;
    room.set(this.#room.subarray(this.#start, this.#end));
    this.#room = room;
    this.#start = 0;
    this.#end = length;
  }
}

const valuesPerMessage = 2;
const roomMin = 4_096;
/** A larger room is given back when it is empty. */
const roomKept = 1 << 20;
