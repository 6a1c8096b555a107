// Forgetting members that are gone too long, and old intents.
// Upstream: serf.go (handleReap, reap, reapIntents).

import type { Machine } from './machine.ts';
import type { KnownMember } from './member-table.ts';
import { forgetMember } from './prune.ts';

/** Runs every `reapIntervalMs`. */
export function reapMembers(machine: Machine): void {
  const { members, recentIntents, runtime, config } = machine;
  const now = runtime.clock.now();
  for (const state of members.gone()) {
    if (state.member.name === machine.name) continue; // it is still we who run
    if (now - state.goneAtMs <= keptForMs(machine, state)) continue;
    machine.log('info', `EventMemberReap: ${state.member.name}`);
    forgetMember(machine, state);
  }
  recentIntents.forgetBefore(now - config.recentIntentTimeoutMs);
}

function keptForMs({ config }: Machine, { member }: KnownMember): number {
  const usual = member.status === 'failed' ? config.reconnectTimeoutMs : config.tombstoneTimeoutMs;
  return config.reapTimeoutFor?.(member, usual) ?? usual;
}
