// Join intents: "I am a member", said after joining and whenever somebody claims that we leave.
// Upstream: serf.go (handleNodeJoinIntent, broadcastJoin). Counterpart: leave-intent.ts.

import type { Machine } from './machine.ts';
import type { JoinIntent } from './messages.ts';
import { encodeJoinIntent } from './wire/intents.ts';
import { witnessTime } from './witness-time.ts';

/** Takes in a join intent; true if it was new and should be passed on. */
export function applyJoinIntent(machine: Machine, { lTime, node }: JoinIntent): boolean {
  const { clocks, members, recentIntents, runtime } = machine;
  if (!witnessTime(machine, clocks.member, lTime, `a join intent of '${node}'`)) return false;
  const known = members.get(node);
  const heardAtMs = runtime.clock.now();
  if (!known) return recentIntents.remember(node, { kind: 'join', lTime, heardAtMs });
  if (lTime <= known.statusLTime) return false;
  const state = members.change(known);
  state.statusLTime = lTime;
  // The leave we heard of is older than this.
  if (state.member.status === 'leaving') members.setStatus(state, 'alive', heardAtMs);
  return true;
}

/** Tells everybody that this node is a member, later than anything heard so far. */
export function broadcastJoin(machine: Machine): void {
  const intent = { lTime: machine.clocks.member.time, node: machine.name };
  applyJoinIntent(machine, intent);
  machine.queues.intents.queue({ message: encodeJoinIntent(intent) });
}
