// Repeats an action at an interval, from a random moment on so that nodes started together do not act
// together. An action that takes longer than the interval makes the next one late, by one tick at most;
// further missed ticks are skipped. Upstream: memberlist state.go (schedule, triggerFunc), and the behaviour
// of Go's Ticker.

import type { Runtime, Timer } from '@reeve/runtime';

/** What a ticker needs of the world. */
export type TickerRuntime = Pick<Runtime, 'clock' | 'timers' | 'random'>;

/** A running repetition. */
export class Ticker {
  readonly #runtime: TickerRuntime;
  readonly #intervalMs: () => number;
  readonly #action: (done: () => void) => void;
  #nextTick: Timer;
  #tickAtMs: number;
  #stopped = false;

  /** Begins. `intervalMs` is asked before every tick; `action` calls `done` when the next tick may act. */
  constructor(runtime: TickerRuntime, intervalMs: () => number, action: (done: () => void) => void) {
    this.#runtime = runtime;
    this.#intervalMs = intervalMs;
    this.#action = action;
    const staggerMs = runtime.random.float() * intervalMs();
    this.#tickAtMs = runtime.clock.now() + staggerMs;
    this.#nextTick = runtime.timers.after(staggerMs, () => this.#tick());
  }

  /** No action begins after this. */
  stop(): void {
    this.#stopped = true;
    this.#nextTick.cancel();
  }

  #tick(): void {
    this.#action(() => {
      if (this.#stopped) return;
      const nowMs = this.#runtime.clock.now();
      const intervalMs = this.#intervalMs();
      const missed = Math.max(0, Math.floor((nowMs - this.#tickAtMs) / intervalMs) - 1);
      this.#tickAtMs += (missed + 1) * intervalMs;
      this.#nextTick = this.#runtime.timers.after(this.#tickAtMs - nowMs, () => this.#tick());
    });
  }
}
