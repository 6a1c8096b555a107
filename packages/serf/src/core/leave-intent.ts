// Leave intents: "this node leaves", which makes going away a leave and not a failure.
// Upstream: serf.go (handleNodeLeaveIntent). Next: where they come from, graceful-leave.ts and
// force-leave.ts; what if nothing follows, overdue-leave.ts.

import { broadcastJoin } from './join-intent.ts';
import type { Machine } from './machine.ts';
import type { MemberState } from './member-table.ts';
import type { LeaveIntent } from './messages.ts';
import { emitMember } from './node-events.ts';
import { awaitDeparture } from './overdue-leave.ts';
import { pruneMember } from './prune.ts';
import { witnessTime } from './witness-time.ts';

/** Takes in a leave intent; true if it was new and should be passed on. */
export function applyLeaveIntent(machine: Machine, { lTime, node, prune }: LeaveIntent): boolean {
  const { clocks, members, recentIntents, runtime } = machine;
  if (!witnessTime(machine, clocks.member, lTime, `a leave intent of '${node}'`)) return false;
  const known = members.get(node);
  if (!known) return recentIntents.remember(node, { kind: 'leave', lTime, heardAtMs: runtime.clock.now() });
  if (lTime <= known.statusLTime) return false;
  if (node === machine.name && machine.state === 'alive') {
    machine.log('debug', 'Refuting an older leave intent');
    broadcastJoin(machine);
    return false;
  }
  // Even when the status stays: otherwise two nodes would pass the same intents to each other for ever
  // (hashicorp/consul issues 7960 and 8179).
  const state = members.change(known);
  state.statusLTime = lTime;
  if (state.member.status === 'alive') declareLeaving(machine, state);
  else if (state.member.status === 'failed') declareLeft(machine, state);
  if (prune) pruneMember(machine, state);
  return true;
}

function declareLeaving(machine: Machine, state: MemberState): void {
  machine.members.setStatus(state, 'leaving', machine.runtime.clock.now());
  awaitDeparture(machine, state);
}

/** A failed member turns out to have left, or is declared to by an operator. */
function declareLeft(machine: Machine, state: MemberState): void {
  const { members, runtime } = machine;
  members.setStatus(state, 'left', runtime.clock.now());
  machine.log('info', `EventMemberLeave (forced): ${state.member.name} ${state.member.host}`);
  emitMember(machine, 'member-leave', state);
}
