// The time a suspected node gets to refute: long at first, shorter with every other node that suspects it
// too. Lifeguard paper, section IV-B (LHA-Suspicion). Upstream: memberlist suspicion.go.
// Invariant: fires at most once, never before `minMs` has passed. Next: suspect.ts, which starts it.

import type { Clock, Timer, Timers } from '@reeve/runtime';

/** The bounds of one suspicion. */
export interface SuspicionTerms {
  /** Confirmations that bring the timeout down to `minMs`. 0: it starts there. */
  readonly confirmationsWanted: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** One running suspicion. */
export class Suspicion {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #terms: SuspicionTerms;
  readonly #expired: (confirmations: number) => void;
  #startedAtMs: number;
  // Who suspects the node, the first accuser included. Bounded by confirmationsWanted + 1.
  readonly #accusers: Set<string>;
  #suspicionExpires: Timer;

  /** Starts now; `from` is the first accuser, whose repetitions confirm nothing. */
  constructor(
    runtime: { readonly clock: Clock; readonly timers: Timers },
    from: string,
    terms: SuspicionTerms,
    expired: (confirmations: number) => void,
  ) {
    this.#clock = runtime.clock;
    this.#timers = runtime.timers;
    this.#terms = terms;
    this.#expired = expired;
    this.#accusers = new Set([from]);
    this.#startedAtMs = runtime.clock.now();
    this.#suspicionExpires = this.#expireAfter(this.#timeoutMs());
  }

  /** How many others than the first accuser suspect the node. */
  get confirmations(): number {
    return this.#accusers.size - 1;
  }

  /**
   * Another accusation. Returns whether it is news: it is then worth passing on, and the timeout is now
   * shorter.
   */
  confirm(from: string): boolean {
    if (this.confirmations >= this.#terms.confirmationsWanted || this.#accusers.has(from)) return false;
    this.#accusers.add(from);
    const elapsedMs = this.#clock.now() - this.#startedAtMs;
    this.#suspicionExpires.cancel();
    this.#suspicionExpires = this.#expireAfter(this.#timeoutMs() - elapsedMs);
    return true;
  }

  /** The node was heard of again, or is known to be dead. */
  cancel(): void {
    this.#suspicionExpires.cancel();
  }

  /** As if it had begun now, with all who suspect the node. For one that has expired. */
  restart(): void {
    this.#startedAtMs = this.#clock.now();
    this.#suspicionExpires = this.#expireAfter(this.#timeoutMs());
  }

  #timeoutMs(): number {
    const { confirmationsWanted, minMs, maxMs } = this.#terms;
    if (confirmationsWanted < 1) return minMs;
    return suspicionTimeoutAfter(this.confirmations, confirmationsWanted, minMs, maxMs);
  }

  #expireAfter(timeoutMs: number): Timer {
    return this.#timers.after(timeoutMs, () => this.#expired(this.confirmations));
  }
}

/** How long a suspicion lasts, from its start, once it has this many confirmations; whole milliseconds. */
export function suspicionTimeoutAfter(
  confirmations: number,
  confirmationsWanted: number,
  minMs: number,
  maxMs: number,
): number {
  const progress = Math.log(confirmations + 1) / Math.log(confirmationsWanted + 1);
  return Math.max(minMs, Math.floor(maxMs - progress * (maxMs - minMs)));
}
