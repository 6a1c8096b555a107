// A queue of calls by deadline; equal deadlines keep the order in which they were entered.
//
// A binary heap, shared by virtual time (`virtual/agenda.ts`) and real timers (`node/timers.ts`). A cancelled
// call stays in the heap without its callback until it reaches the top, or until such corpses are the
// majority: cores set and cancel far more timers than ever fire.

import type { Timer } from './clock.ts';

/** A pending call is its own timer: there may be thousands. */
class Entry implements Timer {
  readonly time: number;
  readonly order: number;
  /** Undefined once cancelled or taken. */
  fire: (() => void) | undefined;
  readonly #onCancelled: () => void;

  constructor(time: number, order: number, fire: () => void, onCancelled: () => void) {
    this.time = time;
    this.order = order;
    this.fire = fire;
    this.#onCancelled = onCancelled;
  }

  cancel(): void {
    if (this.fire === undefined) return;
    this.fire = undefined;
    this.#onCancelled();
  }
}

/** Pending calls. Bounded by what the caller keeps pending. */
export class Deadlines {
  readonly #onCancelled: () => void;
  #entered = 0;
  #cancelled = 0;
  /** The parent of entry i is entry (i - 1) / 2 and never later. */
  #heap: Entry[] = [];

  /** @param onEmpty the last pending call was cancelled */
  constructor(onEmpty: () => void = () => {}) {
    this.#onCancelled = () => {
      this.#cancelled++;
      if (this.#cancelled > 64 && this.#cancelled > this.#heap.length / 2) this.#bury();
      if (this.size === 0) onEmpty();
    };
  }

  /** How many calls are pending. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** The earliest deadline; undefined when nothing is pending. */
  get next(): number | undefined {
    this.#dropCancelledTop();
    return this.#heap[0]?.time;
  }

  /** Enters a call. */
  add(time: number, fire: () => void): Timer {
    const entry = new Entry(time, this.#entered++, fire, this.#onCancelled);
    this.#heap.push(entry);
    this.#siftUp(this.#heap.length - 1);
    return entry;
  }

  /** Takes the earliest call with a deadline up to `now`. */
  take(now: number): (() => void) | undefined {
    const next = this.next;
    if (next === undefined || next > now) return undefined;
    const entry = this.#pop();
    const fire = entry?.fire;
    if (entry !== undefined) entry.fire = undefined;
    return fire;
  }

  /** Drops all cancelled entries. A sorted list is a heap. */
  #bury(): void {
    this.#heap = this.#heap.filter(({ fire }) => fire !== undefined);
    this.#heap.sort((a, b) => a.time - b.time || a.order - b.order);
    this.#cancelled = 0;
  }

  #dropCancelledTop(): void {
    while (this.#heap[0] !== undefined && this.#heap[0].fire === undefined) {
      this.#pop();
      this.#cancelled--;
    }
  }

  #siftUp(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfLater(parent, index)) return;
      index = parent;
    }
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    heap[0] = last;
    this.#siftDown();
    return top;
  }

  #siftDown(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = isBefore(this.#heap[left + 1], this.#heap[left]) ? left + 1 : left;
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
