// What a leader is asked to put into the log: commands, barriers, changes of the configuration. Upstream:
// hashicorp/raft raft.go (leaderLoop, appendConfigurationEntry).

import type { ConfigurationChange } from './configuration-change.ts';
import { nextConfiguration } from './configuration-change.ts';
import { RaftError } from './errors.ts';
import { appendEntry, followConfiguration } from './lead.ts';
import type { Leadership } from './leadership.ts';
import type { RaftState } from './state.ts';
import { encodeConfiguration } from './wire/configuration.ts';

/** Appends a command or a barrier; returns its index. @throws RaftError */
export function propose(
  state: RaftState,
  type: 'command' | 'barrier',
  data: Uint8Array,
  extensions?: Uint8Array,
): number {
  requireOpen(state);
  return appendEntry(state, type, data, extensions).index;
}

/**
 * Whether a change may begin: the last one must be committed, and an entry of this term, or two leaders could
 * each begin one from the same configuration.
 */
export function canChangeConfiguration({ leadership, membership, commitIndex }: RaftState): boolean {
  return leadership !== undefined && membership.isStable && commitIndex >= leadership.startIndex;
}

/** Appends a change of the configuration, which is in force from then on. @throws RaftError */
export function changeConfiguration(state: RaftState, change: ConfigurationChange): number {
  const leadership = requireOpen(state);
  const { latest, latestIndex } = state.membership;
  const configuration = nextConfiguration(latest, latestIndex, change);
  const what = `command=${change.command} server-id=${change.id} server-addr=${change.address}`;
  state.say('info', `raft: updating configuration: ${what}`);
  const { index } = appendEntry(state, 'configuration', encodeConfiguration(configuration));
  followConfiguration(state, leadership);
  return index;
}

function requireOpen({ leadership }: RaftState): Leadership {
  if (leadership === undefined) throw new RaftError('not-leader');
  if (leadership.transfer !== undefined) throw new RaftError('transfer-in-progress');
  return leadership;
}
