// When a server takes snapshots by itself: so often, and a part by chance, lest servers do it together.
// Upstream: hashicorp/raft snapshot.go (runSnapshots). Next: snapshots.ts, who takes them.

import type { Runtime, Timer } from '@reeve/runtime';

/** Calls again and again, until it is stopped. */
export class SnapshotSchedule {
  readonly #runtime: Pick<Runtime, 'timers' | 'random'>;
  readonly #intervalMs: number;
  readonly #onTime: () => void;
  #timer: Timer;

  /** @param intervalMs as much again is added by chance */
  constructor(runtime: Pick<Runtime, 'timers' | 'random'>, intervalMs: number, onTime: () => void) {
    this.#runtime = runtime;
    this.#intervalMs = intervalMs;
    this.#onTime = onTime;
    this.#timer = this.#next();
  }

  /** Calls no more. */
  stop(): void {
    this.#timer.cancel();
  }

  #next(): Timer {
    const delayMs = this.#intervalMs * (1 + this.#runtime.random.float());
    return this.#runtime.timers.after(delayMs, () => {
      this.#timer = this.#next();
      this.#onTime();
    });
  }
}
