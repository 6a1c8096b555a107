// From the node to its listeners and loops. The node tells of events from inside itself, where it must not be
// called back; so listeners run a moment later (a microtask), each on its own, and may call anything.

import { type EventName, type EventOf, namesOf, type SerfEvent } from './events.ts';
import { Mailbox } from './mailbox.ts';

/** A loop over events was too slow: so many of the oldest were dropped. Look at `members()` again. */
export interface MissedEvents {
  readonly kind: 'missed';
  readonly count: number;
}

/** Who listens. Bounded by its callers. */
export class EventHub {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #loops = new Set<Mailbox<SerfEvent | MissedEvents>>();
  #isClosed = false;

  /** Listens; returns how to stop. */
  on<Name extends EventName>(name: Name, listener: (event: EventOf<Name>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    // Its own, as the same function may be registered twice. Only events of this name are handed to it.
    const entry: Listener = { hear: listener as (event: SerfEvent) => void };
    listeners.add(entry);
    return () => {
      listeners.delete(entry);
      if (listeners.size === 0 && this.#listeners.get(name) === listeners) this.#listeners.delete(name);
    };
  }

  /** A loop over all events from now on. */
  events(itemsMax: number): AsyncIterableIterator<SerfEvent | MissedEvents> {
    const loop: Mailbox<SerfEvent | MissedEvents> = new Mailbox<SerfEvent | MissedEvents>({
      itemsMax,
      missed: (count) => ({ kind: 'missed', count }),
      onReturn: () => this.#loops.delete(loop),
    });
    if (this.#isClosed) loop.end();
    else this.#loops.add(loop);
    return loop;
  }

  /** Tells everybody. */
  emit(event: SerfEvent): void {
    for (const name of namesOf(event)) {
      const listeners = this.#listeners.get(name) ?? new Set();
      for (const listener of listeners) {
        queueMicrotask(() => {
          if (listeners.has(listener)) listener.hear(event);
        });
      }
    }
    for (const loop of this.#loops) loop.push(event);
  }

  /** Ends all loops, when they have read what waits. */
  close(): void {
    this.#isClosed = true;
    for (const loop of this.#loops) loop.end();
    this.#loops.clear();
  }
}

interface Listener {
  readonly hear: (event: SerfEvent) => void;
}
