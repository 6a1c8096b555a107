// What is said about packets that make no sense. Anybody on the network can send any number of them, so
// there is one line a minute at most, which also counts those before it that got none.

import type { Clock, Log } from '@reeve/runtime';

/** Says what is wrong with packets, sparingly. */
export class Complaints {
  readonly #log: Log;
  readonly #clock: Clock;
  #nextAt = Number.NEGATIVE_INFINITY;
  #unsaid = 0;

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** A packet from `sender` was dropped. */
  add(sender: string, reason: string): void {
    if (this.#clock.now() < this.#nextAt) {
      this.#unsaid++;
      return;
    }
    const others = this.#unsaid === 0 ? '' : `, and ${this.#unsaid} others since the last such line`;
    this.#log('debug', `agent.mdns: Dropped a packet from ${sender}: ${reason}${others}`);
    this.#unsaid = 0;
    this.#nextAt = this.#clock.now() + intervalMs;
  }
}

const intervalMs = 60_000;
