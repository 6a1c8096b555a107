// Everything of a serf node that can fire later. They all end with the node, in one place: `cancelAll`.
//
// every reapIntervalMs         forgets members gone too long, and old intents          reap.ts
// every reconnectIntervalMs    perhaps tries one failed member                          reconnect.ts
// every queueCheckIntervalMs   measures and cuts the broadcast queues                   queue-depth.ts
// every 500 ms                 writes the member clock down                             snapshot.ts
// once  next round             sends some messages that fit no packet                   large-messages.ts
// once  flush                  writes buffered snapshot lines                           snapshot.ts
// once  period, quiescence     tells coalesced events                                   coalesce-window.ts
// once  deadline               ends a query of ours                                     query-response.ts
// once  broadcast timeout      a leave or force-leave that nobody took up               broadcast.ts
// once  propagation            a leaving node has been reachable long enough            graceful-leave.ts
// once  departure due          a member that was said to leave is still here            overdue-leave.ts
// once  prune                  a leaving member is forgotten after all had time to hear prune.ts

import type { Timer, Timers } from '@reeve/runtime';

/** The runtime's timers, with an end. */
export class TimerSet {
  readonly #timers: Timers;
  // Bounded by what is listed above: a handful, one a running query, one a member being pruned, one a
  // member that leaves.
  readonly #pending = new Set<Timer>();
  #isClosed = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Runs `fire` once after `delayMs`, unless the set is closed by then. */
  after(delayMs: number, fire: () => void): Timer {
    if (this.#isClosed) return { cancel() {} };
    const timer = this.#timers.after(delayMs, () => {
      this.#pending.delete(timer);
      fire();
    });
    this.#pending.add(timer);
    return {
      cancel: () => {
        this.#pending.delete(timer);
        timer.cancel();
      },
    };
  }

  /** Runs `fire` again and again, first after one interval; an interval of 0 means never. */
  every(intervalMs: number, fire: () => void): void {
    if (intervalMs <= 0) return;
    this.after(intervalMs, () => {
      this.every(intervalMs, fire); // first, so that a rule that throws does not end the ticking
      fire();
    });
  }

  /** Cancels everything, for good. */
  cancelAll(): void {
    this.#isClosed = true;
    for (const timer of this.#pending) timer.cancel();
    this.#pending.clear();
  }
}
