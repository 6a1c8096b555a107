// When coalesced events are told: a window opens with the first event and closes after a period, or as soon
// as nothing has come for a while, or when too much is held back. Upstream: coalesce.go (coalesceLoop).

import type { Timer } from '@reeve/runtime';
import type { TimerSet } from './timers.ts';

/** How long a window stays open. */
export interface WindowPeriods {
  /** At most, from the first event on. */
  readonly periodMs: number;
  /** … or this long after the last event. */
  readonly quiescentMs: number;
}

/** Opens with the first `onHeld` and calls `flush` once when it closes; then it can open again. */
export class CoalesceWindow {
  readonly #timers: TimerSet;
  readonly #periods: WindowPeriods;
  readonly #flush: () => void;
  #period: Timer | undefined;
  #quiescence: Timer | undefined;

  constructor(timers: TimerSet, periods: WindowPeriods, flush: () => void) {
    this.#timers = timers;
    this.#periods = periods;
    this.#flush = flush;
  }

  /** An event was held back. */
  onHeld(): void {
    this.#period ??= this.#timers.after(this.#periods.periodMs, () => this.close());
    this.#quiescence?.cancel();
    this.#quiescence = this.#timers.after(this.#periods.quiescentMs, () => this.close());
  }

  /** Closes it now. */
  close(): void {
    this.#period?.cancel();
    this.#quiescence?.cancel();
    this.#period = undefined;
    this.#quiescence = undefined;
    this.#flush();
  }
}
