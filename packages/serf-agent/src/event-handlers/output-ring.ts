// The last bytes of a stream without end. Upstream: armon/circbuf, as invoke.go uses it: a handler may
// print as much as it likes, and the end is what tells what went wrong. Next: script-run.ts.

/** Keeps the last `bytesMax` bytes written to it. */
export class OutputRing {
  readonly #bytesMax: number;
  // Bounded by twice bytesMax: cut back whenever it would grow beyond.
  #kept: Buffer = Buffer.alloc(0);

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  write(chunk: Uint8Array): void {
    this.#kept = Buffer.concat([this.#kept, chunk.subarray(-this.#bytesMax)]);
    if (this.#kept.length > 2 * this.#bytesMax) this.#kept = this.#kept.subarray(-this.#bytesMax);
  }

  /** What is left, oldest byte first. */
  contents(): Uint8Array {
    return this.#kept.subarray(-this.#bytesMax);
  }
}
