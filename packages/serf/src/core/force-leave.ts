// An operator declares a failed member left. Upstream: serf.go (forceLeave).
// Nobody checks that such a member exists; one that is alive refutes it.

import { broadcastAndWait } from './broadcast.ts';
import { SerfError } from './errors.ts';
import { applyLeaveIntent } from './leave-intent.ts';
import type { Machine } from './machine.ts';
import { encodeLeaveIntent } from './wire/intents.ts';

/** Applies and gossips a leave intent for that name; with nobody else alive there is nothing to wait for. */
export function forceLeave(
  machine: Machine,
  node: string,
  prune: boolean,
  done: (error?: Error) => void,
): void {
  const { clocks, members, queues } = machine;
  const intent = { lTime: clocks.member.time, node, prune };
  clocks.member.increment();
  applyLeaveIntent(machine, intent);
  if (!members.isAnyAliveBut(machine.name)) return done();
  broadcastAndWait(machine, queues.intents, encodeLeaveIntent(intent), (outcome) =>
    outcome === 'finished' ? done() : done(new SerfError('timed out broadcasting node removal')),
  );
}
