// Virtual time: everything that will happen, in the order in which it will happen.
//
// Entries are taken by time and, at equal times, in the order in which they were entered; so one seed gives one run.
// Nothing runs inside `at` or `after`, only inside `run` and `runUntil`. Next: life.ts (whose timers these are).

import type { Timer } from '../clock.ts';

interface Entry {
  readonly time: number;
  readonly order: number;
  /** Undefined once cancelled or fired; a cancelled entry stays in the heap until its time comes. */
  fire: (() => void) | undefined;
}

/** A queue of future calls and the clock they move. */
export class Agenda {
  #now = 0;
  #entered = 0;
  #firedThisInstant = 0;
  /** A binary heap: the parent of entry i is entry (i - 1) / 2 and never later. */
  readonly #heap: Entry[] = [];

  /** Virtual milliseconds since the world began. */
  get now(): number {
    return this.#now;
  }

  /** Calls `fire` after a delay. */
  after(delayMs: number, fire: () => void): Timer {
    return this.at(this.#now + Math.max(0, delayMs), fire);
  }

  /** Calls `fire` at a time, which may be the present. */
  at(time: number, fire: () => void): Timer {
    const entry: Entry = { time: Math.max(time, this.#now), order: this.#entered++, fire };
    this.#heap.push(entry);
    this.#siftUp(this.#heap.length - 1);
    return {
      cancel() {
        entry.fire = undefined;
      },
    };
  }

  /** Lets the next `forMs` milliseconds happen. */
  run(forMs: number): void {
    this.runUntil(() => false, forMs);
  }

  /** Lets time pass until `condition` holds, which is asked after each event; false if `limitMs` went by first. */
  runUntil(condition: () => boolean, limitMs: number): boolean {
    const end = this.#now + limitMs;
    while (!condition()) {
      const next = this.#heap[0];
      if (next === undefined || next.time > end) {
        this.#now = end;
        return false;
      }
      this.#pop();
      this.#fire(next);
    }
    return true;
  }

  #fire(entry: Entry): void {
    const { fire } = entry;
    if (fire === undefined) return;
    entry.fire = undefined;
    this.#firedThisInstant = entry.time > this.#now ? 0 : this.#firedThisInstant + 1;
    if (this.#firedThisInstant > firedPerInstantMax) {
      throw new Error(`virtual time stands still at ${this.#now} ms: something re-arms itself with no delay`);
    }
    this.#now = entry.time;
    fire();
  }

  #siftUp(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfLater(parent, index)) return;
      index = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = isBefore(heap[left + 1], heap[left]) ? left + 1 : left;
      if (!this.#swapIfLater(index, child)) return;
      index = child;
    }
  }

  /** Puts the earlier of a parent and its child on top; false when it was there already. */
  #swapIfLater(parent: number, child: number): boolean {
    const above = this.#heap[parent];
    const below = this.#heap[child];
    if (above === undefined || below === undefined || !isBefore(below, above)) return false;
    this.#heap[parent] = below;
    this.#heap[child] = above;
    return true;
  }
}

function isBefore(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}

/** Far more than any sound world does in one moment; a timer that re-arms itself with delay 0 gets here at once. */
const firedPerInstantMax = 1_000_000;
