// Becoming a leader, and keeping followers as the configuration has them. Raft paper, sections 5.2 and 8 (the
// no-op); upstream: hashicorp/raft raft.go (runLeader, startStopReplication). Next: leader-lease.ts (staying
// one).

import type { Leadership } from './leadership.ts';
import type { LogEntry, LogEntryType } from './log-entry.ts';
import { Progress } from './progress.ts';
import { replicate } from './replication.ts';
import type { RaftState } from './state.ts';

/** A majority has voted for us: begins to lead, with an entry of our own that commits those before it. */
export function becomeLeader(state: RaftState): void {
  const leadership: Leadership = {
    startIndex: state.log.lastIndex + 1,
    followers: new Map(),
    round: 0,
    isRoundWanted: false,
    verifications: [],
    lastRequest: undefined,
    transfer: undefined,
  };
  state.role = 'leader';
  state.leader = state.address;
  state.leadership = leadership;
  state.votes.clear();
  state.refusals.clear();
  state.quickElections = 0;
  state.say('info', `raft: entering leader state: leader="Node at ${state.address} [Leader]"`);
  appendEntry(state, 'noop', noBytes);
  followConfiguration(state, leadership);
}

/** Writes an entry of our term to our log; everything else follows from that. */
export function appendEntry(
  state: RaftState,
  type: LogEntryType,
  data: Uint8Array,
  extensions: Uint8Array = noBytes,
): LogEntry {
  const entry = { index: state.log.lastIndex + 1, term: state.term, type, data, extensions };
  state.append(entry);
  return entry;
}

/** New servers are sent the newest entry and what it takes; those that have gone get a last message. */
export function followConfiguration(state: RaftState, leadership: Leadership): void {
  const { followers } = leadership;
  for (const server of state.membership.latest.servers) {
    if (server.id === state.id) continue;
    const known = followers.get(server.id);
    if (known !== undefined) known.server = server;
    else followers.set(server.id, new Progress(server, state.log.lastIndex, state.now));
  }
  for (const [id, follower] of followers) {
    if (state.membership.server(id) !== undefined) continue;
    replicate(state, follower);
    followers.delete(id);
  }
}

const noBytes = new Uint8Array();
