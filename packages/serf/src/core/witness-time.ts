// The Lamport time of a message that came from a peer.

import type { LamportClock } from './lamport-clock.ts';
import type { Machine } from './machine.ts';

/** Takes it into our clock. False, and one log line, when the message is not to be believed. */
export function witnessTime(machine: Machine, clock: LamportClock, lTime: number, what: string): boolean {
  if (clock.witness(lTime)) return true;
  machine.onBadInput(
    'warn',
    `Ignoring ${what} from time ${lTime}, where nobody can be (current: ${clock.time})`,
  );
  return false;
}
