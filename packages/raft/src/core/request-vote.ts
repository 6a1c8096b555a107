// A candidate wants our vote. Raft paper, sections 5.2 and 5.4.1; upstream: hashicorp/raft raft.go
// (requestVote).
//
// Leader stickiness: who hears a leader does not vote, not even with a newer term. A server that was cut off,
// or removed, must not depose a leader the others are content with.

import { becomeFollower, expectLeader } from './follow.ts';
import type { RequestVote } from './messages.ts';
import type { RaftState } from './state.ts';

/** Votes, or does not. The answer waits until the vote is durable. */
export function onRequestVote(state: RaftState, ticket: number, request: RequestVote): void {
  const isGranted = decide(state, request);
  state.replyWhenWritten(ticket, { kind: 'vote-answer', term: state.term, isGranted });
}

function decide(state: RaftState, request: RequestVote): boolean {
  const { candidate, term } = request;
  const hasLeader = state.leader !== '' && !state.isLeaderSuspected;
  if (hasLeader && state.leader !== candidate && !request.isLeadershipTransfer) {
    const names = `from=${candidate} leader=${state.leader}`;
    state.say('warn', `raft: rejecting vote request since we have a leader: ${names}`);
    return false;
  }
  if (term < state.term) return false;
  if (term > state.term) becomeFollower(state, term);
  if (state.votedFor !== '') return state.votedFor === candidate;
  if (!isUpToDate(state, request)) {
    state.say('warn', `raft: rejecting vote request since our log is ahead: candidate=${candidate}`);
    return false;
  }
  state.setHardState(term, candidate);
  expectLeader(state);
  return true;
}

/** Whether the candidate's log holds everything that may be committed, as far as ours can tell. */
function isUpToDate({ log }: RaftState, { lastIndex, lastTerm }: RequestVote): boolean {
  return lastTerm > log.lastTerm || (lastTerm === log.lastTerm && lastIndex >= log.lastIndex);
}
