// What is said in the log about what peers send. A packet holds hundreds of messages, and each may be
// nonsense; so only some complaints a second are written, and the next second tells how many were left out.

import type { Clock, Log, LogLevel } from '@reeve/runtime';

/** The complaints of one node. */
export class Complaints {
  readonly #clock: Clock;
  readonly #log: Log;
  #secondBeganAtMs = Number.NEGATIVE_INFINITY;
  #written = 0;
  #leftOut = 0;

  /** `log` takes lines without the name of this layer. */
  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Writes a line, or counts it. */
  add(level: LogLevel, text: string): void {
    const nowMs = this.#clock.now();
    if (nowMs - this.#secondBeganAtMs >= 1_000) this.#beginSecond(nowMs);
    if (this.#written === writtenMax) {
      this.#leftOut += 1;
      return;
    }
    this.#written += 1;
    this.#log(level, text);
  }

  #beginSecond(nowMs: number): void {
    if (this.#leftOut > 0) this.#log('warn', `${this.#leftOut} more complaints of this kind were left out`);
    this.#secondBeganAtMs = nowMs;
    this.#written = 0;
    this.#leftOut = 0;
  }
}

const writtenMax = 16;
