// Calls to a node that end later – a join, a leave, new tags –, each once and in time. Next: the checker
// checkers/calls-end.ts.

/** One call that has not ended yet. */
export interface PendingCall {
  /** What was called, as in `join`. */
  readonly what: string;
  /** When it must have ended, virtual milliseconds. */
  readonly deadlineMs: number;
}

/** The calls of one life of a node. */
export class Calls {
  readonly #pending = new Set<{ what: string; deadlineMs: number }>();
  readonly #endedTwice: string[] = [];

  /** All that have not ended. */
  get pending(): Iterable<PendingCall> {
    return this.#pending;
  }

  /** What has ended more than once. */
  get endedTwice(): readonly string[] {
    return this.#endedTwice;
  }

  /** A call begins; returns what to call at its end. */
  begin(what: string, deadlineMs: number): () => void {
    const call = { what, deadlineMs };
    this.#pending.add(call);
    return () => {
      if (!this.#pending.delete(call)) this.#endedTwice.push(what);
    };
  }

  /** The process does not run for a while, so everything takes that much longer. */
  delay(byMs: number): void {
    for (const call of this.#pending) call.deadlineMs += byMs;
  }
}
