// Work that takes long enough for others to notice, a piece a turn: to take in a list of ten thousand nodes
// costs fifty milliseconds, and a hundred lists may arrive together. Packets and timers have their turn
// between two pieces. What they bring is newer than what such a list says, and does not have to wait for it:
// rules compare incarnations and Lamport times, not the order of arrival.
// Next: merge.ts, whose work it is.

import type { Timer, Timers } from '@reeve/runtime';
import type { Underway } from './underway.ts';

/** Something to be done, each step of it short. Nothing of it is done until somebody takes the steps. */
export type Work = Iterable<void, unknown>;

/** Does something with each of many, some of them a step. */
export function* stepwise<T>(items: Iterable<T>, act: (item: T) => void): Generator<void> {
  let left = itemsAStep;
  for (const item of items) {
    if (left === 0) yield;
    if (left === 0) left = itemsAStep;
    act(item);
    left -= 1;
  }
}

/** A queue of work, one step a turn. What is not done when the node stops is not done at all. */
export class Turns {
  readonly #timers: Timers;
  // Bounded by who adds to it: inbound streams, exchanges of ours.
  readonly #waiting: Iterator<void, unknown>[] = [];
  #next: Timer | undefined;

  constructor(timers: Timers, underway: Underway) {
    this.#timers = timers;
    underway.add(() => this.#stop());
  }

  /** Begins now, or when what came before is done. */
  take(work: Work): void {
    this.#waiting.push(work[Symbol.iterator]());
    if (this.#next === undefined) this.#step();
  }

  /** Whatever a step throws ends its work. */
  #step(): void {
    this.#next = this.#timers.after(0, () => this.#goOn());
    const [work] = this.#waiting;
    let isDone = true;
    try {
      isDone = work?.next().done ?? true;
    } finally {
      if (isDone) this.#waiting.shift();
    }
  }

  #goOn(): void {
    this.#next = undefined;
    if (this.#waiting.length > 0) this.#step();
  }

  #stop(): void {
    this.#next?.cancel();
    this.#waiting.length = 0;
  }
}

/** Some microseconds each, and those that are told to the application ten times as many. */
const itemsAStep = 128;
