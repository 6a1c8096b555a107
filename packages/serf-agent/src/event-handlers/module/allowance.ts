// How often a module may tell or ask the agent something. One that runs wild writes a line in an endless
// loop; without a bound the agent would do nothing but read them. Next: thread-main.ts.

/** So many a second and no more. */
export class Allowance {
  readonly #perSecondMax: number;
  readonly #now: () => number;
  readonly #onExceeded: () => void;
  #secondBeganMs = Number.NEGATIVE_INFINITY;
  #taken = 0;

  /** `now` is a clock in milliseconds; `onExceeded` is called once in each second that had more. */
  constructor(perSecondMax: number, now: () => number, onExceeded: () => void) {
    this.#perSecondMax = perSecondMax;
    this.#now = now;
    this.#onExceeded = onExceeded;
  }

  /** Whether one more is allowed. */
  take(): boolean {
    const now = this.#now();
    if (now - this.#secondBeganMs >= 1000) {
      this.#secondBeganMs = now;
      this.#taken = 0;
    }
    this.#taken++;
    if (this.#taken === this.#perSecondMax + 1) this.#onExceeded();
    return this.#taken <= this.#perSecondMax;
  }
}
