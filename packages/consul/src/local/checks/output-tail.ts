// The last bytes of an output of any length: its end tells most. Upstream: armon/circbuf.

import { decodeText } from '@reeve/bytes';

/** Keeps the last `bytesMax` bytes. */
export class OutputTail {
  readonly #bytesMax: number;
  // Bounded by twice bytesMax: cut back whenever it would grow beyond.
  #kept: Buffer = Buffer.alloc(0);
  #written = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  write(chunk: Uint8Array): void {
    this.#written += chunk.length;
    this.#kept = Buffer.concat([this.#kept, chunk.subarray(-this.#bytesMax)]);
    if (this.#kept.length > 2 * this.#bytesMax) this.#kept = this.#kept.subarray(-this.#bytesMax);
  }

  /** What is kept. */
  text(): string {
    return decodeText(this.#kept.subarray(-this.#bytesMax));
  }

  /** What is kept, with a line before it that says how much is missing, if something is. */
  captured(): string {
    if (this.#written <= this.#bytesMax) return this.text();
    return `Captured ${this.#bytesMax} of ${this.#written} bytes\n...\n${this.text()}`;
  }
}
