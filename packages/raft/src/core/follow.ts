// Becoming and staying a follower. Raft paper, section 5.1 (terms) and 5.2; upstream: hashicorp/raft raft.go
// (runFollower, appendEntries).

import type { RaftState } from './state.ts';

/** Stops leading or asking for votes, in this term or, without a vote yet, in a later one. */
export function becomeFollower(state: RaftState, term: number): void {
  if (term > state.term) {
    state.setHardState(term, '');
    state.leader = '';
  }
  if (state.role === 'follower') return;
  if (state.role === 'leader') {
    state.lastContactMs = state.now; // until now nothing here was stale
    state.leader = '';
    state.leadership = undefined;
  }
  state.role = 'follower';
  state.votes.clear();
  state.refusals.clear();
  expectLeader(state);
  state.say('info', `raft: entering follower state: follower="Node at ${state.address} [Follower]"`);
}

/** Somebody says that he leads a term. False when that term is over. */
export function hearLeader(state: RaftState, term: number, leader: string): boolean {
  if (term < state.term) return false;
  if (term > state.term || state.role !== 'follower') becomeFollower(state, term);
  state.leader = leader;
  state.isLeaderSuspected = false;
  state.quickElections = 0;
  state.lastContactMs = state.now;
  expectLeader(state);
  return true;
}

/** A follower waits this long for word from a leader. */
export function expectLeader(state: RaftState): void {
  state.electionAtMs = state.randomlyAfter(state.config.heartbeatTimeoutMs);
}

/**
 * All connections of a server are closed. If it leads, it has most likely died, and a live one would be back
 * with its next heartbeats, which come within a fifth of the timeout. Upstream waits for the whole timeout.
 */
export function suspectLeader(state: RaftState, address: string): void {
  if (state.role !== 'follower' || state.leader !== address || state.isLeaderSuspected) return;
  state.isLeaderSuspected = true;
  const { heartbeatTimeoutMs } = state.config;
  const patienceMs = heartbeatTimeoutMs / 5 + (heartbeatTimeoutMs / 10) * state.random.float();
  state.electionAtMs = Math.min(state.electionAtMs, state.now + patienceMs);
  state.say('warn', `raft: the leader's connections have closed: leader=${address}`);
}
