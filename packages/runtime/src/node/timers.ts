// The monotonic clock, and timers that keep the contract on it.
//
// Node's own timers run on a cached clock of whole milliseconds: they may fire up to a millisecond early and
// do not order deadlines of different delays. So we keep our own queue of deadlines and use one Node timer
// for the earliest. That timer is never unref'd: a program that waits for something of a core has to stay
// alive for it.
//
// A process that got no processor for a while, or was busy, finds deadlines that have passed and packets that
// came in time. Node would show it the deadlines first; so we look at the sockets before we fire anything, or
// a node would take its own stall for everybody else's. And again after every slice of time: what many
// deadlines make a node send is answered while the rest of them still wait.

import type { Clock, Timer, Timers } from '../clock.ts';
import { Deadlines } from '../deadlines.ts';

/** The process's clocks. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
};

/** Timers of one runtime. */
export function createTimers(): Timers {
  return new NodeTimers();
}

class NodeTimers implements Timers {
  readonly #deadlines = new Deadlines(() => this.#disarm());
  #timeout: { readonly time: number; readonly handle: NodeJS.Timeout } | undefined;
  /** The timeout stays beside it: what has no delay leaves later deadlines as they are. */
  #immediate: NodeJS.Immediate | undefined;

  after(delayMs: number, fire: () => void): Timer {
    const timer = this.#deadlines.add(performance.now() + Math.max(0, delayMs), fire);
    this.#arm();
    return timer;
  }

  #arm(): void {
    const { next } = this.#deadlines;
    if (next === undefined || this.#immediate !== undefined) return;
    if (this.#timeout !== undefined && this.#timeout.time <= next) return;
    const delayMs = Math.ceil(next - performance.now());
    if (delayMs <= 0) return this.#fireAfterInput();
    this.#clearTimeout();
    const onTime = () => {
      this.#timeout = undefined;
      this.#fireAfterInput();
    };
    this.#timeout = { time: next, handle: setTimeout(onTime, Math.min(delayMs, delayMsMax)) };
  }

  #disarm(): void {
    this.#clearTimeout();
    clearImmediate(this.#immediate);
    this.#immediate = undefined;
  }

  #clearTimeout(): void {
    clearTimeout(this.#timeout?.handle);
    this.#timeout = undefined;
  }

  /** Immediates run behind the sockets' turn in the event loop; nothing can be earlier than that. */
  #fireAfterInput(): void {
    this.#immediate ??= setImmediate(() => this.#fireDue());
  }

  /** A timer set meanwhile waits for the next round, even with no delay; so the loop comes to its sockets. */
  #fireDue(): void {
    const startedAtMs = performance.now();
    const isOver = (): boolean => performance.now() - startedAtMs > sliceMs;
    try {
      for (let fire = this.#deadlines.take(startedAtMs); fire !== undefined; ) {
        fire();
        fire = isOver() ? undefined : this.#deadlines.take(startedAtMs);
      }
    } finally {
      this.#immediate = undefined;
      if (this.#timeout?.time !== this.#deadlines.next) this.#clearTimeout();
      this.#arm();
    }
  }
}

/** As long as packets have before it is the timers' turn again; see packet-queue.ts. */
const sliceMs = 10;
/** Milliseconds; Node runs timers with a longer delay (24.8 days) at once. */
export const delayMsMax = 2 ** 31 - 1;
