// When we last heard anybody. Next: self-doubt.ts, for what follows from silence.

import type { Clock } from '@reeve/runtime';

/** For how long nobody was heard, and since when somebody is again. */
export class Silence {
  readonly #clock: Clock;
  readonly #longMs: number;
  #heardAtMs: number;
  #brokenAtMs = Number.NEGATIVE_INFINITY;

  /** Silence of `longMs` is worth remembering. */
  constructor(clock: Clock, longMs: number) {
    this.#clock = clock;
    this.#longMs = longMs;
    this.#heardAtMs = clock.now();
  }

  /** Milliseconds since somebody was heard. */
  get lastsMs(): number {
    return this.#clock.now() - this.#heardAtMs;
  }

  /** Milliseconds since a long silence was over; infinite when there was none. */
  get overMs(): number {
    return this.#clock.now() - this.#brokenAtMs;
  }

  /** Somebody was heard. */
  end(): void {
    const nowMs = this.#clock.now();
    if (nowMs - this.#heardAtMs >= this.#longMs) this.#brokenAtMs = nowMs;
    this.#heardAtMs = nowMs;
  }
}

/** How long silence must be: each round of probes brings an answer, unless the probed node itself is gone. */
export function longSilenceMs(probeIntervalMs: number): number {
  return 3 * probeIntervalMs;
}
