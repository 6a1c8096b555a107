// Staying a leader: only as long as a majority is heard of (check-quorum, in etcd's words). A leader that is
// cut off steps down, so that who asks it is told to go elsewhere. Upstream: hashicorp/raft raft.go
// (checkLeaderLease).

import { reachedByMajority } from './configuration.ts';
import { becomeFollower } from './follow.ts';
import type { Leadership } from './leadership.ts';
import type { RaftState } from './state.ts';

/** When we step down unless more is heard. */
export function leaseEndsAtMs(state: RaftState, { followers }: Leadership): number {
  const heardAtMs = reachedByMajority(state.membership.latest, (id) =>
    id === state.id ? state.now : (followers.get(id)?.lastContactMs ?? 0),
  );
  return heardAtMs + state.config.leaderLeaseMs;
}

/**
 * Whether a majority has confirmed us so lately that nobody else can have been elected. Whoever has not run
 * for a while finds answers that have waited: what counts is when was asked. Upstream does not look.
 */
export function holdsLease(state: RaftState, { followers }: Leadership, now: number): boolean {
  const confirmedAtMs = reachedByMajority(state.membership.latest, (id) =>
    id === state.id ? now : (followers.get(id)?.confirmedAtMs ?? Number.NEGATIVE_INFINITY),
  );
  return now < confirmedAtMs + state.config.leaderLeaseMs;
}

/** Steps down if a majority has been silent for the length of a lease. */
export function checkLease(state: RaftState, leadership: Leadership): void {
  if (state.now < leaseEndsAtMs(state, leadership)) return;
  state.say('warn', 'raft: failed to contact quorum of nodes, stepping down');
  becomeFollower(state, state.term);
}
