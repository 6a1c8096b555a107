// A lock has one holder: while a client has been told that it holds one, and could not have lost it yet,
// nobody else is told the same. Who ends its session keeps others out for the lock-delay, as long as one
// leader leads: another one does not know of it (core/state/lock-delays.ts).

import { grouped, type Hold } from './history.ts';

/** The first two that held one lock together; undefined: there are none. */
export function sharedLock(holds: readonly Hold[], lockDelayMs: number): string | undefined {
  for (const [key, own] of grouped(holds, (hold) => hold.key)) {
    for (const first of own) {
      const second = own.find((other) => other !== first && isIntruder(first, other, lockDelayMs));
      if (second !== undefined) return `${key}: ${JSON.stringify(second)} while ${JSON.stringify(first)}`;
    }
  }
  return undefined;
}

/** Whether another client got a lock that the first one had before. */
function isIntruder(first: Hold, other: Hold, lockDelayMs: number): boolean {
  if (other.askedMs < first.toldMs || other.session === first.session) return false;
  if (other.toldMs < Math.min(first.releasedMs, first.expiresMs)) return true;
  const { destroyed } = first;
  const isDelayKnown = destroyed !== undefined && destroyed.leader === other.leader;
  if (!isDelayKnown || first.releasedMs < destroyed.askedMs || first.expiresMs <= other.toldMs) return false;
  return other.askedMs > destroyed.toldMs && other.toldMs < destroyed.askedMs + lockDelayMs;
}
