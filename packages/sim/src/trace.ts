// A fingerprint of a run: a hash over every packet, every write to a stream and every event of a process,
// with its time. Two runs with one fingerprint went the same way, step by step.
//
// Two lanes of 32 bits, mixed as MurmurHash3 mixes; against chance, not against malice.

/** Takes in numbers and bytes; `digest` is the hash of all so far. */
export class Trace {
  #a = 0x9e3779b9;
  #b = 0x85ebca6b;
  #steps = 0;
  readonly #number = new Float64Array(1);
  readonly #halves = new Uint32Array(this.#number.buffer);

  /** How many numbers and byte strings were taken in. */
  get steps(): number {
    return this.#steps;
  }

  /** 16 hexadecimal digits. */
  get digest(): string {
    return [this.#a, this.#b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }

  number(value: number): void {
    this.#steps++;
    this.#number[0] = value;
    this.#mix(this.#halves[0] ?? 0);
    this.#mix(this.#halves[1] ?? 0);
  }

  bytes(bytes: Uint8Array): void {
    this.#steps++;
    this.#mix(bytes.length);
    for (const byte of bytes) this.#mix(byte);
  }

  #mix(word: number): void {
    const a = Math.imul(this.#a ^ word, 0xcc9e2d51);
    const b = Math.imul((this.#b + word) | 0, 0x1b873593);
    this.#a = (a ^ (a >>> 15)) + this.#b;
    this.#b = (b ^ (b >>> 13)) + a;
    this.#a |= 0;
    this.#b |= 0;
  }
}
