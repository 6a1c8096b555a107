// Events that wait for somebody slower than they are. At most `waitingMax` wait and at most `concurrency`
// are handled at once; when it is full one event is given up, with a line in the log: the node must keep
// answering its cluster whatever its handlers do. (Upstream's queue is the whole chain of event channels: a
// slow handler in the end stalls serf itself.) Next: script-queue.ts, handler-lane.ts.

import type { Log } from '@reeve/runtime';
import type { SerfEvent } from '../core/index.ts';
import { eventText } from './event-text.ts';

/** What a queue is for. */
export interface EventQueueOptions {
  /** Whom the events wait for, in the log. */
  readonly owner: string;
  readonly waitingMax: number;
  readonly whenFull: 'drop-newest' | 'drop-oldest';
  readonly concurrency: number;
  readonly log: Log;
  /** Handles one event and calls `done`, perhaps inside this call. */
  handle(event: SerfEvent, done: () => void): void;
}

/** A queue of events, first in, first out. */
export class EventQueue {
  readonly #options: EventQueueOptions;
  // Bounded by waitingMax; what is being handled is not in it.
  #waiting: SerfEvent[] = [];
  #handled = 0;
  #isClosed = false;
  #isHeld = false;
  #isBeginning = false;
  #onIdle = (): void => {};

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

  /** Begins nothing until the function it returns is called; what comes meanwhile waits. */
  hold(): () => void {
    this.#isHeld = true;
    return () => {
      this.#isHeld = false;
      this.#begin();
    };
  }

  /** Takes and begins nothing more. Returns what waits. */
  close(): SerfEvent[] {
    this.#isClosed = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  /** Calls `done` when nothing is being handled; to be called after `close`. */
  whenIdle(done: () => void): void {
    if (this.#handled === 0) done();
    else this.#onIdle = done;
  }

  #begin(): void {
    if (this.#isBeginning) return; // what was begun has ended at once: the loop goes on
    this.#isBeginning = true;
    while (!this.#isHeld && this.#handled < this.#options.concurrency) {
      const event = this.#waiting.shift();
      if (event === undefined) break;
      this.#handled++;
      this.#options.handle(event, () => this.#onHandled());
    }
    this.#isBeginning = false;
  }

  #onHandled(): void {
    this.#handled--;
    if (this.#handled === 0) this.#onIdle();
    this.#begin();
  }

  #tellDropped(event: SerfEvent): void {
    const { log, waitingMax, owner } = this.#options;
    log('warn', `agent: Dropping ${eventText(event)}: ${waitingMax} events wait for ${owner}`);
  }
}
