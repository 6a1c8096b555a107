// Where the entries of a segment lie: two numbers of four bytes an entry, so that a log of millions fits.

/** Places and lengths, in order. */
export class SpanList {
  /** Place, length, place, length … of which `#length` entries are in use. */
  #numbers = new Uint32Array(2 * entriesAtFirst);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds one; both are below 2^32. */
  push(position: number, bytes: number): void {
    const at = 2 * this.#length++;
    if (at === this.#numbers.length) this.#resize(2 * at);
    this.#numbers[at] = position;
    this.#numbers[at + 1] = bytes;
  }

  /** The place and the length of an entry that is there. */
  at(entry: number): readonly [position: number, bytes: number] {
    if (entry < 0 || entry >= this.#length) throw new RangeError(`there is no entry ${entry}`);
    return [this.#numbers[2 * entry] as number, this.#numbers[2 * entry + 1] as number];
  }

  /** Forgets all but so many. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** Gives back what is not used. Adding is possible, and costs more. */
  trim(): void {
    this.#resize(2 * Math.max(this.#length, entriesAtFirst));
  }

  #resize(numbers: number): void {
    const resized = new Uint32Array(numbers);
    resized.set(this.#numbers.subarray(0, 2 * this.#length));
    this.#numbers = resized;
  }
}

const entriesAtFirst = 16;
