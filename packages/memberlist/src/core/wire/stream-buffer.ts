// What has arrived of a stream and was not understood yet. A value is decoded as soon as all of it is there,
// and not tried again before the bytes are there that the last try said it needs.
// Bounded by `bytesMax` for this stream, by a budget shared by all streams, and by a number of fruitless
// tries for one value, so that a sender who drips bytes costs no more than he sends. Next: stream.ts.

import { DecodeError, MsgpackReader, TruncatedError } from '@reeve/bytes';

/** Bytes that all streams together may still hold. */
export class StreamBudget {
  #bytesLeft: number;

  constructor(bytes: number) {
    this.#bytesLeft = bytes;
  }

  /** How many are left. */
  get bytesLeft(): number {
    return this.#bytesLeft;
  }

  /** Takes bytes; false, and nothing taken, when there are not so many left. */
  take(bytes: number): boolean {
    if (bytes > this.#bytesLeft) return false;
    this.#bytesLeft -= bytes;
    return true;
  }

  /** Gives bytes back. */
  giveBack(bytes: number): void {
    this.#bytesLeft += bytes;
  }
}

/** The growing, bounded input of one stream. */
export class StreamBuffer {
  readonly #bytesMax: number;
  readonly #budget: StreamBudget;
  #buffer: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #bytesNeeded = 1;
  #triesLeft = fruitlessTriesMax;
  #bytesTaken = 0;

  constructor(bytesMax: number, budget: StreamBudget) {
    this.#bytesMax = bytesMax;
    this.#budget = budget;
  }

  /** The bytes that are there, as a view; bytes once received are never overwritten. */
  get available(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** @throws DecodeError when the stream, or all streams together, would hold too much. */
  push(chunk: Uint8Array): void {
    const end = this.#end + chunk.length;
    if (end > this.#bytesMax)
      throw new DecodeError('limit', `stream is larger than limit (${this.#bytesMax})`);
    if (end > this.#buffer.length) this.#grow(end);
    this.#buffer.set(chunk, this.#end);
    this.#end = end;
  }

  /** Replaces everything by `plain`, the content of the layer that was just removed. @throws DecodeError */
  replace(plain: Uint8Array): void {
    this.release();
    this.#takeFromBudget(plain.length);
    this.#buffer = plain;
    this.#end = plain.length;
  }

  /** Drops the first `bytes`. */
  skip(bytes: number): void {
    this.#start += bytes;
    this.#bytesNeeded = 1;
    this.#triesLeft = fruitlessTriesMax;
  }

  /** Takes exactly `bytes` as a view, or nothing while they are not all there. @throws DecodeError */
  take(bytes: number): Uint8Array | undefined {
    if (bytes > this.#bytesMax) throw new DecodeError('limit', `stream is larger than limit (${bytes})`);
    if (this.#end - this.#start < bytes) return undefined;
    const taken = this.#buffer.subarray(this.#start, this.#start + bytes);
    this.skip(bytes);
    return taken;
  }

  /**
   * Decodes one value of at most `valueBytesMax` from the front; undefined while a part is missing.
   * @throws DecodeError
   */
  decode<T>(decodeValue: (reader: MsgpackReader) => T, valueBytesMax = this.#bytesMax): T | undefined {
    if (this.#end - this.#start < this.#bytesNeeded) return undefined;
    const input = this.available.subarray(0, valueBytesMax);
    const reader = new MsgpackReader(input);
    try {
      const value = decodeValue(reader);
      this.skip(reader.offset);
      return value;
    } catch (error) {
      if (!(error instanceof TruncatedError)) throw error;
      if (--this.#triesLeft === 0) throw new DecodeError('limit', 'a message arrives in too many pieces');
      if (error.needed > valueBytesMax) {
        throw new DecodeError('limit', `message is larger than limit (${error.needed})`);
      }
      this.#bytesNeeded = Math.max(error.needed, input.length + 1);
      return undefined;
    }
  }

  /** Forgets all bytes and gives them back to the budget. */
  release(): void {
    this.#budget.giveBack(this.#bytesTaken);
    this.#bytesTaken = 0;
    this.#buffer = new Uint8Array(0);
    this.#start = 0;
    this.#end = 0;
    this.#bytesNeeded = 1;
    this.#triesLeft = fruitlessTriesMax;
  }

  #grow(bytes: number): void {
    const capacity = Math.min(this.#bytesMax, Math.max(bytes, 2 * this.#buffer.length, bufferBytesMin));
    this.#takeFromBudget(capacity - this.#bytesTaken);
    const buffer = new Uint8Array(capacity);
    buffer.set(this.#buffer.subarray(0, this.#end));
    this.#buffer = buffer;
  }

  #takeFromBudget(bytes: number): void {
    if (!this.#budget.take(bytes)) {
      throw new DecodeError('limit', 'too many bytes are buffered over all streams');
    }
    this.#bytesTaken += bytes;
  }
}

const bufferBytesMin = 2_048;
/** A sender who drips single bytes causes two for each key and three for each value. */
const fruitlessTriesMax = 128;
