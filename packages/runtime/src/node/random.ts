// Chance from the operating system, by the page.
//
// One call into OpenSSL costs about as much as four thousand bytes of it, and every packet wants a nonce.

import { randomFillSync } from 'node:crypto';
import type { Random } from '../random.ts';

/** Unpredictable numbers and bytes; good for nonces and keys. */
export function createRandom(): Random {
  return new PooledRandom();
}

class PooledRandom implements Random {
  readonly #pool = new DataView(new ArrayBuffer(poolBytes));
  #used = poolBytes;

  float(): number {
    const at = this.#take(8);
    const [high, low] = [this.#pool.getUint32(at) >>> 5, this.#pool.getUint32(at + 4) >>> 6];
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  below(bound: number): number {
    return Math.floor(this.float() * bound);
  }

  bytes(length: number): Uint8Array {
    if (length > poolBytes) return randomFillSync(new Uint8Array(length));
    const at = this.#take(length);
    return new Uint8Array(this.#pool.buffer.slice(at, at + length));
  }

  /** Where the next `length` unused bytes lie. */
  #take(length: number): number {
    if (this.#used + length > poolBytes) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += length;
    return at;
  }
}

const poolBytes = 4096;
