// Forgetting a member before its time, because an operator said so. Upstream: serf.go (handlePrune,
// eraseNode). A leaving member is given time to go first. Upstream sleeps for it and holds the lock on all
// members meanwhile; here a timer waits, so life goes on. Upstream then forgets the member even if it is
// still here, and does not know it any more as long as it lives; here it stays. Next: overdue-leave.ts.

import type { Machine } from './machine.ts';
import type { KnownMember, MemberState } from './member-table.ts';

/** Forgets a member that left or failed, and one that leaves as soon as it had time to. Never this node. */
export function pruneMember(machine: Machine, state: MemberState): void {
  const { name, status } = state.member;
  if (name === machine.name) return;
  if (status !== 'leaving') forgetPruned(machine, state);
  else if (!state.isPruneDue) schedulePrune(machine, state);
}

/** Takes a member out of everything and tells the application. */
export function forgetMember(machine: Machine, { member }: KnownMember): void {
  machine.members.erase(member.name);
  if (member.status === 'left') machine.seeds.forget(member);
  machine.coordinates?.client.forget(member.name);
  machine.coordinates?.known.delete(member.name);
  machine.emit({ kind: 'member-reap', members: [member] });
}

function schedulePrune(machine: Machine, state: MemberState): void {
  const { broadcastTimeoutMs, leavePropagateDelayMs } = machine.config;
  state.isPruneDue = true;
  machine.timers.after(broadcastTimeoutMs + leavePropagateDelayMs, () => {
    state.isPruneDue = false;
    if (machine.members.get(state.member.name) !== state) return;
    const { status } = state.member;
    if (status === 'leaving')
      schedulePrune(machine, state); // until it has gone, or was not about to
    else if (status !== 'alive') forgetPruned(machine, state);
  });
}

function forgetPruned(machine: Machine, state: KnownMember): void {
  machine.log('info', `EventMemberReap (forced): ${state.member.name} ${state.member.host}`);
  forgetMember(machine, state);
}
