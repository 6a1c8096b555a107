// Who wants to know whether we still lead, by the tickets that the core knows them by.

import { type Done, failure } from './pending.ts';

/** The open questions. Bounded by those who ask: a leader without answers steps down within its lease. */
export class Verifications {
  readonly #waiting = new Map<number, Done<void>>();
  #tickets = 0;

  /** Enters a question; returns its ticket. */
  add(done: Done<void>): number {
    const ticket = ++this.#tickets;
    this.#waiting.set(ticket, done);
    return ticket;
  }

  /** A majority has confirmed. */
  confirm(ticket: number): void {
    const done = this.#waiting.get(ticket);
    this.#waiting.delete(ticket);
    done?.({ ok: true, value: undefined });
  }

  /** Nobody will confirm any more. */
  failAll(code: 'leadership-lost' | 'shutdown'): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const done of waiting) done(failure(code));
  }
}
