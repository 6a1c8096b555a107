// Bytes that have arrived and were not taken yet. Pieces may be as small as one byte: what is joined grows by
// doubling, and no byte is looked at twice for the end of a head.

/** A queue of bytes. Bounded by who appends. */
export class PendingBytes {
  #bytes: Buffer = nothing;
  /** Where what is not taken begins and ends. */
  #start = 0;
  #end = 0;
  /** Up to here there is no end of a head. */
  #searched = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** The bytes, until the next call of anything else. */
  get view(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Adds bytes; they are ours from now on. */
  append(chunk: Uint8Array): void {
    if (this.length === 0) {
      this.#bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      this.#start = this.#searched = 0;
      this.#end = chunk.length;
      return;
    }
    if (this.#end + chunk.length > this.#bytes.length) this.#grow(chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Drops the first bytes. */
  drop(count: number): void {
    this.#start = this.#searched = this.#start + count;
    if (this.length > 0) return;
    this.#bytes = nothing;
    this.#start = this.#end = this.#searched = 0;
  }

  /**
   * Takes a head with the empty line behind it, and returns it without that, as text whose characters are
   * bytes. What looks like the end of a line and is none ends it, too; it then has no line end. Undefined:
   * there is more to come.
   */
  takeHead(): string | undefined {
    for (;;) {
      const feed = this.#bytes.indexOf(lineFeed, this.#searched);
      if (feed < 0 || feed >= this.#end) {
        this.#searched = this.#end;
        return undefined;
      }
      this.#searched = feed + 1;
      const isBare = feed === this.#start || this.#bytes[feed - 1] !== carriageReturn;
      const isEmpty = feed - this.#start >= 3 && this.#bytes[feed - 2] === lineFeed;
      if (!isBare && !isEmpty) continue;
      const head = this.#bytes.toString('latin1', this.#start, isBare ? feed : feed - 1);
      this.drop(feed + 1 - this.#start);
      return head;
    }
  }

  #grow(by: number): void {
    const larger = Buffer.allocUnsafe(Math.max(2 * this.length, this.length + by));
    larger.set(this.view);
    this.#searched -= this.#start;
    this.#end -= this.#start;
    this.#start = 0;
    this.#bytes = larger;
  }
}

const nothing = Buffer.alloc(0);
const lineFeed = 10;
const carriageReturn = 13;
