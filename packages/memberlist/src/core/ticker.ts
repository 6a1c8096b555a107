// Repeats an action at an interval, from a random moment on so that nodes started together do not act
// together. An action that takes longer than the interval makes the next one late, by one tick at most;
// further missed ticks are skipped. Upstream: memberlist state.go (schedule, triggerFunc), and the behaviour
// of Go's Ticker. Ours: an action that finds nothing to do may let it sleep; woken, it goes on in the same
// rhythm, so that nobody sees that it slept.

import type { Runtime, Timer } from '@reeve/runtime';

/** What a ticker needs of the world. */
export type TickerRuntime = Pick<Runtime, 'clock' | 'timers' | 'random'>;

/** What an action calls when the next tick may act; with `sleep`, not before the ticker is woken. */
export type TickDone = (next?: 'sleep') => void;

/** A running repetition. */
export class Ticker {
  readonly #runtime: TickerRuntime;
  readonly #intervalMs: () => number;
  readonly #action: (done: TickDone) => void;
  #nextTick: Timer;
  #tickAtMs: number;
  #isAsleep = false;
  #stopped = false;

  /** Begins. `intervalMs` is asked before every tick. */
  constructor(runtime: TickerRuntime, intervalMs: () => number, action: (done: TickDone) => void) {
    this.#runtime = runtime;
    this.#intervalMs = intervalMs;
    this.#action = action;
    const staggerMs = runtime.random.float() * intervalMs();
    this.#tickAtMs = runtime.clock.now() + staggerMs;
    this.#nextTick = runtime.timers.after(staggerMs, () => this.#tick());
  }

  /** Ends a sleep: the next tick is the next one that would have come without it. */
  wake(): void {
    if (!this.#isAsleep || this.#stopped) return;
    this.#isAsleep = false;
    this.#schedule(0);
  }

  /** No action begins after this. */
  stop(): void {
    this.#stopped = true;
    this.#nextTick.cancel();
  }

  #tick(): void {
    this.#action((next) => {
      if (this.#stopped) return;
      if (next === 'sleep') this.#isAsleep = true;
      else this.#schedule(1);
    });
  }

  /** The next tick; of those whose time has passed `keptMax` are not lost. */
  #schedule(keptMax: number): void {
    const nowMs = this.#runtime.clock.now();
    const intervalMs = this.#intervalMs();
    const passed = Math.floor((nowMs - this.#tickAtMs) / intervalMs);
    this.#tickAtMs += (Math.max(0, passed - keptMax) + 1) * intervalMs;
    this.#nextTick = this.#runtime.timers.after(this.#tickAtMs - nowMs, () => this.#tick());
  }
}
