// What `consul info` shows under `raft`. Upstream: hashicorp/raft api.go (Stats).

import { protocolVersion, type RaftState, serversText, votersOf } from './core/index.ts';

/** Keys and values as upstream prints them; `durationText` writes milliseconds as Go does. */
export function raftStats(
  state: RaftState,
  now: number,
  pending: number,
  durationText: (ms: number) => string,
): Readonly<Record<string, string>> {
  const { log, membership, snapshot, role } = state;
  const { latest } = membership;
  const others = votersOf(latest).filter(({ id }) => id !== state.id);
  const isPeer = others.length < votersOf(latest).length;
  return {
    applied_index: String(state.appliedIndex),
    commit_index: String(state.commitIndex),
    fsm_pending: String(pending),
    last_contact: lastContactText(state, now, durationText),
    last_log_index: String(log.lastIndex),
    last_log_term: String(log.lastTerm),
    last_snapshot_index: String(snapshot?.index ?? 0),
    last_snapshot_term: String(snapshot?.term ?? 0),
    latest_configuration: serversText(latest),
    latest_configuration_index: '0', // 1.1.2 forgets to fill it in, and scripts have seen nothing else
    num_peers: String(isPeer ? others.length : 0),
    protocol_version: String(protocolVersion),
    protocol_version_max: '3',
    protocol_version_min: '0',
    snapshot_version_max: '1',
    snapshot_version_min: '0',
    state: `${role[0]?.toUpperCase()}${role.slice(1)}`,
    term: String(state.term),
  };
}

function lastContactText(
  { role, lastContactMs }: RaftState,
  now: number,
  durationText: (ms: number) => string,
): string {
  if (role === 'leader') return '0';
  return lastContactMs === undefined ? 'never' : durationText(now - lastContactMs);
}
