// Proposals that are not in the log yet, because too many are that have not been applied.

import { type Applied, type Done, failure } from './pending.ts';

/** Something to be put into the log. */
export interface Proposal {
  readonly type: 'command' | 'barrier';
  readonly data: Uint8Array;
  readonly extensions: Uint8Array;
  /** When it is too late to be taken; infinity for never. */
  readonly endsAtMs: number;
  readonly done: Done<Applied>;
}

/** A queue, oldest first. Bounded by those who ask: each waits for an end, and has a time limit. */
export class WaitingProposals {
  #waiting: Proposal[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(proposal: Proposal): void {
    this.#waiting.push(proposal);
  }

  /** Gives out the oldest. */
  take(): Proposal | undefined {
    return this.#waiting.shift();
  }

  /** When the next one is too late. */
  get earliestEndMs(): number {
    return this.#waiting.reduce(
      (earliest, { endsAtMs }) => Math.min(earliest, endsAtMs),
      Number.POSITIVE_INFINITY,
    );
  }

  /** Refuses those that have waited too long. */
  refuseLate(now: number): void {
    if (this.earliestEndMs > now) return;
    const late = this.#waiting.filter(({ endsAtMs }) => endsAtMs <= now);
    this.#waiting = this.#waiting.filter(({ endsAtMs }) => endsAtMs > now);
    for (const { done } of late) done(failure('enqueue-timeout'));
  }

  /** Refuses all: the server has stopped. */
  refuseAll(): void {
    for (const { done } of this.#waiting.splice(0)) done(failure('shutdown'));
  }
}
