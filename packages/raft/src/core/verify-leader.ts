// Whether we still lead, as a majority sees it: for reads that must not be stale. Raft thesis, section 6.4;
// upstream: hashicorp/raft raft.go (verifyLeader).
//
// Questions that come together share a round of heartbeats. Only what is asked after a question counts as an
// answer to it; upstream also takes a confirmation that was under way before.

import { reachedByMajority } from './configuration.ts';
import { RaftError } from './errors.ts';
import type { Leadership } from './leadership.ts';
import type { RaftState } from './state.ts';

/** Enters a question. Its ticket comes back from `takeVerified`, or leadership is lost. */
export function verifyLeader({ leadership }: RaftState, ticket: number): void {
  if (leadership === undefined) throw new RaftError('not-leader');
  leadership.verifications.push({ ticket, round: leadership.round + 1 });
  leadership.isRoundWanted = true;
}

/** Begins a round if somebody wants one. */
export function beginRound(leadership: Leadership): void {
  if (!leadership.isRoundWanted) return;
  leadership.round++;
  leadership.isRoundWanted = false;
}

/** Gives out the questions that a majority has answered with yes. */
export function takeVerified(state: RaftState, leadership: Leadership): readonly number[] {
  const { verifications, followers } = leadership;
  if (verifications.length === 0) return [];
  const confirmed = reachedByMajority(state.membership.latest, (id) =>
    id === state.id ? leadership.round : (followers.get(id)?.roundConfirmed ?? 0),
  );
  const open = verifications.findIndex(({ round }) => round > confirmed);
  const verified = verifications.splice(0, open < 0 ? verifications.length : open);
  return verified.map(({ ticket }) => ticket);
}
