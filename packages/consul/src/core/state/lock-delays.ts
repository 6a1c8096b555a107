// Keys that nobody may lock for a while, because their session ended and its holder may not know it yet.
// Only the leader asks, since clocks differ: the delay is no part of the state, and is lost with the leader.
// Upstream: agent/consul/state/delay.go.

import type { Clock } from '@reeve/runtime';

/** Until when keys cannot be locked. */
export class LockDelays {
  readonly #clock: Pick<Clock, 'now'>;
  // Bounded by the keys whose sessions ended in the last two minutes: no delay is longer than one.
  readonly #endsAtMs = new Map<string, number>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Nobody may lock the key for so long from now. */
  begin(key: string, delayNs: number): void {
    const now = this.#clock.now();
    this.#forgetEnded(now);
    this.#endsAtMs.delete(key); // to the end of the order, whatever was there
    this.#endsAtMs.set(key, now + Math.min(delayNs, delayMaxNs) / 1e6);
  }

  /** Milliseconds until the key can be locked; 0: now. */
  remainingMs(key: string): number {
    return Math.max(0, (this.#endsAtMs.get(key) ?? 0) - this.#clock.now());
  }

  /** Those at the front began first. What ended behind one that has not is forgotten within a minute. */
  #forgetEnded(now: number): void {
    for (const [key, endsAtMs] of this.#endsAtMs) {
      if (endsAtMs > now) return;
      this.#endsAtMs.delete(key);
    }
  }
}

/** Upstream: structs.MaxLockDelay. */
const delayMaxNs = 60e9;
