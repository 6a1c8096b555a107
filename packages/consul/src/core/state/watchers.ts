// Who waits for what. A waiting query is one entry for each part that its answer depends on; it is woken
// once, after the write, and then forgotten. Bounded by the queries in flight, which the front doors count.

import { type Change, topics, touchedKey, touchedTopics } from './topics.ts';
import type { Watch } from './watch.ts';

/** All waiting queries of a server. */
export class Watchers {
  readonly #waiting = new Map<string, Set<Waiter>>();
  /** How many topics there are of prefixes with so many bytes: a changed key looks for these only. */
  readonly #prefixLengths = new Map<number, number>();

  /**
   * Calls `wake` once when a part of the watch changes. A query waits in the same turn in which it was
   * answered, so no change can be lost in between.
   *
   * @param wake gets what is the same for all whom the same change wakes
   * @returns ends the waiting; does nothing once `wake` was called.
   */
  wait(watch: Watch, wake: (change: object) => void): () => void {
    const waiter: Waiter = { watch, wake };
    for (const topic of watch.topics) this.#add(topic, waiter);
    for (const prefix of watch.prefixes) {
      if (this.#add(topics.keysBelow(prefix), waiter)) this.#countPrefix(prefix, 1);
    }
    return () => this.#forget(waiter);
  }

  /** How many parts of the state somebody waits for. */
  get partsWaitedFor(): number {
    return this.#waiting.size;
  }

  /** Wakes who waits for anything that has changed. To be called when all changes are made. */
  wake(changes: readonly Change[]): void {
    if (this.#waiting.size === 0) return;
    const woken = new Set<Waiter>();
    for (const change of changes) {
      for (const topic of touchedTopics(change)) this.#collect(topic, woken);
      const key = touchedKey(change);
      if (key !== undefined) this.#collectPrefixes(key, woken);
    }
    this.#wakeEach(woken);
  }

  /** Wakes everybody: the whole state is another one. */
  wakeAll(): void {
    this.#wakeEach(new Set([...this.#waiting.values()].flatMap((waiters) => [...waiters])));
  }

  #wakeEach(woken: ReadonlySet<Waiter>): void {
    for (const waiter of woken) this.#forget(waiter);
    const change = {};
    for (const waiter of woken) waiter.wake(change);
  }

  #collect(topic: string, woken: Set<Waiter>): void {
    for (const waiter of this.#waiting.get(topic) ?? []) woken.add(waiter);
  }

  #collectPrefixes(key: string, woken: Set<Waiter>): void {
    for (const length of this.#prefixLengths.keys()) {
      if (length <= key.length) this.#collect(topics.keysBelow(key.slice(0, length)), woken);
    }
  }

  /** Whether nobody waited for this part before. */
  #add(topic: string, waiter: Waiter): boolean {
    const waiters = this.#waiting.get(topic);
    if (waiters === undefined) this.#waiting.set(topic, new Set([waiter]));
    else waiters.add(waiter);
    return waiters === undefined;
  }

  #forget(waiter: Waiter): void {
    for (const topic of waiter.watch.topics) this.#remove(topic, waiter);
    for (const prefix of waiter.watch.prefixes) {
      if (this.#remove(topics.keysBelow(prefix), waiter)) this.#countPrefix(prefix, -1);
    }
  }

  /** Whether nobody waits for this part any more. */
  #remove(topic: string, waiter: Waiter): boolean {
    const waiters = this.#waiting.get(topic);
    if (waiters?.delete(waiter) !== true || waiters.size > 0) return false;
    return this.#waiting.delete(topic);
  }

  #countPrefix({ length }: string, by: 1 | -1): void {
    const count = (this.#prefixLengths.get(length) ?? 0) + by;
    if (count === 0) this.#prefixLengths.delete(length);
    else this.#prefixLengths.set(length, count);
  }
}

interface Waiter {
  readonly watch: Watch;
  readonly wake: (change: object) => void;
}
