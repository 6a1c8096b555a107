// What the routes about user events need of an agent.

import type { ReceivedEvent } from '../core/index.ts';
import type { CallSignal } from '../waiting/call-signal.ts';

/** The events that an agent has seen. */
export interface EventLog {
  /** Those with a name, or all for an empty one; the oldest first. */
  recent(name: string): readonly ReceivedEvent[];
  /** Resolves as soon as their index is another one, when the time is over, or when the signal aborts. */
  changed(name: string, index: bigint, withinMs: number, signal: CallSignal): Promise<void>;
  /** A new UUID. */
  newId(): string;
}

/**
 * The index of events: the two halves of the last one's UUID, put together. It does not grow; a client waits
 * while it is the same. Never 0, with which nobody would wait.
 */
export function eventIndex(events: readonly ReceivedEvent[]): bigint {
  const digits = events.at(-1)?.id.replaceAll('-', '') ?? '';
  if (!/^[\da-f]{32}$/i.test(digits)) return 1n;
  return BigInt(`0x${digits.slice(0, 16)}`) ^ BigInt(`0x${digits.slice(16)}`) || 1n;
}
