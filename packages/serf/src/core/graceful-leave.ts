// Leaving with a goodbye, in three steps: our leave intent is gossiped; memberlist says that we are dead by
// our own word; we stay up until the others know, since they may still probe us.
// Upstream: serf.go (Leave). As from 0.10 on, a goodbye that nobody takes up delays but does not fail.

import { broadcastAndWait, waitFor } from './broadcast.ts';
import { applyLeaveIntent } from './leave-intent.ts';
import type { Machine } from './machine.ts';
import { encodeLeaveIntent } from './wire/intents.ts';

/** Calls `done` when all is said. A node that is shut down on the way is done at once. */
export function leaveGracefully(machine: Machine, done: () => void): void {
  const unlessStopped = (next: () => void) => () => (machine.state === 'shutdown' ? done() : next());
  const stayUp = () => waitFor(machine, machine.config.leavePropagateDelayMs, () => {}, done);
  const leaveBelow = () => leaveGossip(machine, unlessStopped(stayUp));
  broadcastLeave(machine, unlessStopped(leaveBelow));
}

function broadcastLeave(machine: Machine, next: () => void): void {
  const { clocks, members, queues } = machine;
  const intent = { lTime: clocks.member.time, node: machine.name, prune: false };
  clocks.member.increment();
  applyLeaveIntent(machine, intent);
  if (!members.isAnyAliveBut(machine.name)) return next();
  broadcastAndWait(machine, queues.intents, encodeLeaveIntent(intent), (outcome) => {
    if (outcome === 'timeout') machine.log('warn', 'timeout while waiting for graceful leave');
    next();
  });
}

function leaveGossip(machine: Machine, next: () => void): void {
  machine.gossip.leave(machine.config.broadcastTimeoutMs, (error) => {
    if (error && machine.state !== 'shutdown')
      machine.log('warn', `timeout waiting for leave broadcast: ${error.message}`);
    next();
  });
}
