// The user events that an agent has seen: the last ones of those that concern it. Upstream:
// agent/user_event.go. Nothing is kept over a restart, and agents may see events in different order.

import { DecodeError, MsgpackReader } from '@reeve/bytes';
import type { Runtime } from '@reeve/runtime';
import type { SerfEvent } from '@reeve/serf/core';
import { type ReceivedEvent, userEventCodec, userEventPrefix } from '../../core/index.ts';
import { type EventLog, eventIndex } from '../../http/event-log.ts';
import { newUuid } from '../../server/uuid.ts';
import type { CallSignal } from '../../waiting/call-signal.ts';
import { concerns, type EventAudience } from './concerns.ts';

/** What events come from and go to. */
export interface UserEventsOptions {
  readonly runtime: Pick<Runtime, 'timers' | 'log' | 'random'>;
  readonly audience: EventAudience;
  /** A command is to be run: that is no event for anybody to see. */
  readonly onRemoteExec: (event: ReceivedEvent) => void;
}

/** Listens to gossip and remembers. */
export class UserEvents implements EventLog {
  readonly #options: UserEventsOptions;
  readonly #recent: ReceivedEvent[] = []; // the oldest first; at most `eventsMax`
  readonly #waiting = new Set<() => void>(); // one for each request that waits

  constructor(options: UserEventsOptions) {
    this.#options = options;
  }

  /** Gossip told something. */
  onGossip(event: SerfEvent): void {
    if (event.kind !== 'user' || !event.name.startsWith(userEventPrefix)) return;
    const { log } = this.#options.runtime;
    try {
      const sent = userEventCodec.decode(new MsgpackReader(event.payload));
      const received = { ...sent, lTime: event.lTime };
      if (concerns(received, this.#options.audience)) this.#ingest(received);
    } catch (error) {
      const what =
        error instanceof DecodeError ? 'Failed to decode event' : 'Failed to parse filter of event';
      log('err', `agent: ${what}: error="${(error as Error).message}"`);
    }
  }

  recent(name: string): readonly ReceivedEvent[] {
    return name === '' ? [...this.#recent] : this.#recent.filter((event) => event.name === name);
  }

  newId(): string {
    return newUuid(this.#options.runtime.random);
  }

  changed(name: string, index: bigint, withinMs: number, signal: CallSignal): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        timer.cancel();
        this.#waiting.delete(look);
        signal.removeEventListener('abort', settle);
        resolve();
      };
      const look = () => {
        if (eventIndex(this.recent(name)) !== index) settle();
      };
      const timer = this.#options.runtime.timers.after(withinMs, settle);
      signal.addEventListener('abort', settle, { once: true });
      this.#waiting.add(look);
      look();
    });
  }

  #ingest(event: ReceivedEvent): void {
    if (event.name === remoteExecName) return this.#options.onRemoteExec(event);
    this.#options.runtime.log('debug', `agent: new event: event_name=${event.name} event_id=${event.id}`);
    this.#recent.push(event);
    if (this.#recent.length > eventsMax) this.#recent.shift();
    for (const look of [...this.#waiting]) look();
  }
}

/** Upstream's. */
const eventsMax = 256;
const remoteExecName = '_rexec';
