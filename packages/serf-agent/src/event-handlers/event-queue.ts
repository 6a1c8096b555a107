// Events that wait for somebody slower than they are. At most `waitingMax` wait and at most `concurrency`
// are handled at once; when it is full one event is given up, with a line in the log: the node must keep
// answering its cluster whatever its handlers do. (Upstream's queue is the whole chain of event channels: a
// slow handler in the end stalls serf itself.) Next: script-queue.ts, handler-lane.ts.

import type { Log } from '@reeve/runtime';
import type { SerfEvent } from '@reeve/serf/core';
import { eventText } from './action.ts';

/** What a queue is for. */
export interface EventQueueOptions {
  /** Whom the events wait for, in the log. */
  readonly owner: string;
  readonly waitingMax: number;
  readonly whenFull: 'drop-newest' | 'drop-oldest';
  readonly concurrency: number;
  readonly log: Log;
  /** Handles one event. Never rejects. */
  handle(event: SerfEvent): Promise<void>;
}

/** A queue of events, first in, first out. */
export class EventQueue {
  readonly #options: EventQueueOptions;
  // Bounded by waitingMax; what is being handled is not in it.
  #waiting: SerfEvent[] = [];
  #handled = 0;
  #isClosed = false;
  #isHeld = false;
  #onIdle: (() => void) | undefined;

  constructor(options: EventQueueOptions) {
    this.#options = options;
  }

  /** Adds an event, or gives one up. */
  push(event: SerfEvent): void {
    if (this.#isClosed) return;
    const { waitingMax, whenFull } = this.#options;
    this.#waiting.push(event);
    this.#begin();
    if (this.#waiting.length <= waitingMax) return;
    const given = whenFull === 'drop-oldest' ? this.#waiting.shift() : this.#waiting.pop();
    if (given) this.#tellDropped(given);
  }

  /** Begins nothing before `until` settles; what comes meanwhile waits. */
  async holdUntil(until: Promise<unknown>): Promise<void> {
    this.#isHeld = true;
    await until.catch(() => {});
    this.#isHeld = false;
    this.#begin();
  }

  /** Takes and begins nothing more. Returns what waits. */
  close(): SerfEvent[] {
    this.#isClosed = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  /** Settles when nothing is being handled; call it after `close`. */
  async idle(): Promise<void> {
    if (this.#handled === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #begin(): void {
    while (!this.#isHeld && this.#handled < this.#options.concurrency) {
      const event = this.#waiting.shift();
      if (event === undefined) return;
      this.#handled++;
      void this.#handle(event);
    }
  }

  async #handle(event: SerfEvent): Promise<void> {
    await this.#options.handle(event);
    this.#handled--;
    if (this.#handled === 0) this.#onIdle?.();
    this.#begin();
  }

  #tellDropped(event: SerfEvent): void {
    const { log, waitingMax, owner } = this.#options;
    log('warn', `agent: Dropping ${eventText(event)}: ${waitingMax} events wait for ${owner}`);
  }
}
