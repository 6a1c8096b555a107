// Time: the only clock and the only timers that a core has.

/** Two readings of time: one for measuring, one for telling people. */
export interface Clock {
  /** Monotonic milliseconds, fractions included; the origin means nothing. Never goes back. */
  now(): number;
  /** Milliseconds since the Unix epoch. May jump; use it for display and files only. */
  wallTime(): number;
}

/** A pending call. */
export interface Timer {
  /** After this the callback will not run. Cancelling a timer that has fired does nothing. */
  cancel(): void;
}

/** The only way for a core to run later. */
export interface Timers {
  /**
   * Calls `fire` once, never before `delayMs` have passed on the monotonic clock. Timers with the same
   * deadline fire in the order in which they were set. A delay of 0 or less fires soon, but never inside this
   * call.
   */
  after(delayMs: number, fire: () => void): Timer;
}
