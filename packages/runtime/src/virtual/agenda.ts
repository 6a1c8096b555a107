// Virtual time: everything that will happen, in the order in which it will happen.
//
// Calls are taken by time and, at equal times, in the order in which they were entered; so one seed gives one
// run. Nothing runs inside `at` or `after`, only inside `run` and `runUntil`. Next: life.ts (whose timers
// these are).

import type { Timer } from '../clock.ts';
import { Deadlines } from '../deadlines.ts';

/** A queue of future calls and the clock they move. */
export class Agenda {
  readonly #deadlines = new Deadlines();
  #now = 0;
  #firedThisInstant = 0;

  /** Virtual milliseconds since the world began. */
  get now(): number {
    return this.#now;
  }

  /** Calls `fire` after a delay. */
  after(delayMs: number, fire: () => void): Timer {
    return this.at(this.#now + delayMs, fire);
  }

  /** Calls `fire` at a time, at once when that is past. */
  at(time: number, fire: () => void): Timer {
    return this.#deadlines.add(Math.max(time, this.#now), fire);
  }

  /** Lets the next `forMs` milliseconds happen. */
  run(forMs: number): void {
    this.runUntil(() => false, forMs);
  }

  /**
   * Lets time pass until `condition` holds, which is asked after each event; false if `limitMs` went by
   * first.
   */
  runUntil(condition: () => boolean, limitMs: number): boolean {
    const end = this.#now + limitMs;
    while (!condition()) {
      const time = this.#deadlines.next ?? Number.POSITIVE_INFINITY;
      const fire = this.#deadlines.take(end);
      this.#moveTo(fire === undefined ? end : time);
      if (fire === undefined) return false;
      fire();
    }
    return true;
  }

  #moveTo(time: number): void {
    this.#firedThisInstant = time > this.#now ? 0 : this.#firedThisInstant + 1;
    this.#now = time;
    if (this.#firedThisInstant > firedPerInstantMax) {
      throw new Error(`virtual time stands still at ${time} ms: something re-arms itself with no delay`);
    }
  }
}

/**
 * Far more than any sound world does in one moment; a timer that re-arms itself with delay 0 gets here at
 * once.
 */
const firedPerInstantMax = 1_000_000;
