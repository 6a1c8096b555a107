// User events: sent by anybody, told once by everybody. Upstream: serf.go (UserEvent, handleUserEvent).
// What was told already is known from a buffer of recent Lamport times (lamport-buffer.ts).

import { textByteLength } from '@reeve/bytes';
import { spread } from './broadcast.ts';
import type { SerfConfig } from './config.ts';
import { SerfError } from './errors.ts';
import type { Machine } from './machine.ts';
import type { UserEventMessage } from './messages.ts';
import { encodeUserEvent } from './wire/user-event.ts';
import { witnessTime } from './witness-time.ts';

/**
 * Sends an event to everybody, this node first.
 * @throws SerfError when it is too large, before or after encoding.
 */
export function sendUserEvent(
  machine: Machine,
  name: string,
  payload: Uint8Array,
  canCoalesce: boolean,
): void {
  const { clocks, config, queues } = machine;
  checkSize(textByteLength(name) + payload.length, config, '', 'before encoding');
  const event = { lTime: clocks.event.time, name, payload, canCoalesce };
  const message = encodeUserEvent(event);
  checkSize(message.length, config, 'encoded ', 'after encoding');
  clocks.event.increment();
  applyUserEvent(machine, event);
  spread(machine, queues.events, message);
}

/** Takes in an event; true if it was new and should be passed on. */
export function applyUserEvent(machine: Machine, event: UserEventMessage): boolean {
  const { lTime, name, payload, canCoalesce } = event;
  const { clocks, heardEvents, runtime } = machine;
  if (!witnessTime(machine, clocks.event, lTime, `event ${name}`)) return false;
  const now = clocks.event.time;
  const heard = heardEvents.add(lTime, { name, payload });
  if (heard === 'old') {
    machine.complain('warn', `received old event ${name} from time ${lTime} (current: ${now})`);
  }
  if (heard !== 'new') return false;
  runtime.metrics.count('serf.events', 1);
  runtime.metrics.count(`serf.events.${name}`, 1);
  machine.emit({ kind: 'user', name, payload, lTime, coalesce: canCoalesce });
  return true;
}

function checkSize(bytes: number, config: SerfConfig, what: string, when: string): void {
  const limit = config.userEventSizeLimitBytes;
  if (bytes > limit)
    throw new SerfError(`${what}user event exceeds configured limit of ${limit} bytes ${when}`);
}
