// Chance from the operating system, by the page.
//
// One call costs about as much as four thousand bytes of it, and every packet wants a nonce. Where there is a
// file for it Node is not asked: its cryptography, which an agent without keys does not need, takes 0.3 MiB.

import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
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
    if (length > poolBytes) return fill(new Uint8Array(length));
    const at = this.#take(length);
    return new Uint8Array(this.#pool.buffer.slice(at, at + length));
  }

  /** Where the next `length` unused bytes lie. */
  #take(length: number): number {
    if (this.#used + length > poolBytes) {
      fill(this.#pool);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += length;
    return at;
  }
}

function fill<T extends Uint8Array | DataView>(bytes: T): T {
  return fillFromDevice(bytes) ? bytes : randomFillSync(bytes);
}

/** False where there is no such device, or it cannot be opened now. */
function fillFromDevice(bytes: Uint8Array | DataView): boolean {
  let device: number | undefined;
  try {
    device = openSync('/dev/urandom', 'r');
    return readSync(device, bytes) === bytes.byteLength;
  } catch {
    return false;
  } finally {
    if (device !== undefined) closeSync(device);
  }
}

const poolBytes = 4096;
