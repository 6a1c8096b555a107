// Work that takes long enough for others to notice, one piece a turn: an exchange of states costs some ten
// milliseconds in a large cluster, and a hundred of them may arrive together.

import type { Timers } from '@reeve/runtime';

/** A queue of work. */
export class Turns {
  readonly #timers: Timers;
  // Bounded by who adds to it: inbound streams.
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Does it now, or in its turn when others came before. */
  take(work: () => void): void {
    if (this.#isTaken) {
      this.#waiting.push(work);
      return;
    }
    this.#isTaken = true;
    try {
      work();
    } finally {
      this.#timers.after(0, () => this.#pass());
    }
  }

  #pass(): void {
    this.#isTaken = false;
    const next = this.#waiting.shift();
    if (next) this.take(next);
  }
}
