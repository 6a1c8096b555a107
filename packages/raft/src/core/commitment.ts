// What is committed: in the logs of a majority. Raft paper, sections 5.3 and 5.4.2; upstream: hashicorp/raft
// commitment.go.
//
// Only entries of the leader's own term are counted; those before them are committed with them.

import { isVoter, reachedByMajority } from './configuration.ts';
import { becomeFollower } from './follow.ts';
import type { Leadership } from './leadership.ts';
import type { RaftState } from './state.ts';

/** Commits what a majority of the voters has on disk. */
export function advanceCommit(state: RaftState, leadership: Leadership): void {
  const { membership, log } = state;
  const index = reachedByMajority(membership.latest, (id) =>
    id === state.id ? log.stableIndex : (leadership.followers.get(id)?.matchIndex ?? 0),
  );
  if (index <= state.commitIndex || index < leadership.startIndex) return;
  state.commitIndex = index;
  membership.onCommitted(index);
  const tellBy = state.randomlyAfter(state.config.commitTimeoutMs);
  for (const follower of leadership.followers.values()) {
    follower.commitDueAtMs = Math.min(follower.commitDueAtMs, tellBy);
  }
  if (isVoter(membership.committed, state.id)) return;
  state.say('info', 'raft: removed ourself, transitioning to follower');
  becomeFollower(state, state.term);
}
