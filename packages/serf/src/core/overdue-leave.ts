// A leave that was announced and does not happen. Somebody may have lied: what a push/pull says of leaves is
// passed on to nobody, so the member in question never hears of it and cannot refute. Upstream shows it as
// leaving for ever, and as having left, not failed, when it dies one day. Here a member that is still here
// after the longest time a leave takes is alive again. No event is told, as when a member refutes. Next:
// graceful-leave.ts, what takes that long.

import type { Machine } from './machine.ts';
import type { MemberState } from './member-table.ts';

/** A member has begun to leave: wait until it must be gone. */
export function awaitDeparture(machine: Machine, state: MemberState): void {
  const { name } = state.member;
  if (name === machine.name) return; // we know best whether we leave
  state.departureDue?.cancel();
  state.departureDue = machine.timers.after(longestLeaveMs(machine), () => {
    state.departureDue = undefined;
    if (machine.members.get(name) !== state || state.member.status !== 'leaving') return;
    machine.log('warn', `${name} was said to leave but is still here: alive again`);
    machine.members.setStatus(state, 'alive', machine.runtime.clock.now());
  });
}

/**
 * Its intent and its goodbye may each take as long as a broadcast may, and it stays up a while for the
 * others.
 */
function longestLeaveMs({ config }: Machine): number {
  return 2 * config.broadcastTimeoutMs + config.leavePropagateDelayMs;
}
