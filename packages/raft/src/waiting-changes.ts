// Changes of the configuration that wait for the one before: only one at a time may be uncommitted.

import type { ConfigurationChange } from './core/index.ts';
import { type Applied, type Done, failure } from './pending.ts';

/** A change, and who waits for it. */
export interface WaitingChange {
  readonly change: ConfigurationChange;
  readonly done: Done<Applied>;
}

/** A queue, oldest first. Bounded by those who ask, operators and autopilot. */
export class WaitingChanges {
  readonly #waiting: WaitingChange[] = [];

  /** Nobody waits. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Behind all others. */
  add(change: ConfigurationChange, done: Done<Applied>): void {
    this.#waiting.push({ change, done });
  }

  /** Gives out the oldest. */
  take(): WaitingChange | undefined {
    return this.#waiting.shift();
  }

  /** Refuses all: the server has stopped. */
  refuseAll(): void {
    for (const { done } of this.#waiting.splice(0)) done(failure('shutdown'));
  }
}
