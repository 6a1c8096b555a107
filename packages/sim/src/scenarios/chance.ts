// Decisions of a scenario, drawn from its seed.

import type { Random } from '@reeve/runtime';
import { SeededRandom } from '@reeve/runtime/virtual';

/** Decides what a scenario leaves to chance. */
export class Chance {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed + 2 ** 51); // not the numbers that the simulation draws
  }

  /** A whole number, 0 to `limit` - 1. */
  below(limit: number): number {
    return this.#random.below(limit);
  }

  /** A whole number, both bounds included. */
  between(min: number, max: number): number {
    return min + this.#random.below(max - min + 1);
  }

  /** True in this share of all cases. */
  holds(share: number): boolean {
    return this.#random.float() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.#random.below(items.length)] as T;
  }

  /** The same in another order. */
  shuffled<T>(items: readonly T[]): readonly T[] {
    const rest = [...items];
    return items.flatMap(() => rest.splice(this.#random.below(rest.length), 1));
  }
}
