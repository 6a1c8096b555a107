// The leader hands over: it takes no new entries, brings one follower up to date and tells it not to wait.
// Raft thesis, section 3.10; upstream: hashicorp/raft raft.go (leadershipTransfer).

import { votersOf } from './configuration.ts';
import { RaftError } from './errors.ts';
import type { Leadership } from './leadership.ts';
import type { RaftState } from './state.ts';

/**
 * Begins to hand over to a server, without one to the voter that has most of the log. It has succeeded when
 * we no longer lead; if we still do after an election timeout, it has failed.
 * @throws RaftError
 */
export function transferLeadership(state: RaftState, id: string | undefined): void {
  const { leadership } = state;
  if (leadership === undefined) throw new RaftError('not-leader');
  if (leadership.transfer !== undefined) throw new RaftError('transfer-in-progress');
  if (id === state.id) throw new RaftError('transfer-failed', 'cannot transfer leadership to itself');
  const to = id ?? mostUpToDate(state, leadership);
  if (to === undefined) throw new RaftError('transfer-failed', 'cannot find peer');
  if (!leadership.followers.has(to)) {
    throw new RaftError('transfer-failed', `cannot find replication state for ${to}`);
  }
  leadership.transfer = { to, endsAtMs: state.now + state.config.electionTimeoutMs, isAsked: false };
}

/** Tells the follower once it has everything. */
export function continueTransfer(state: RaftState, { transfer, followers }: Leadership): void {
  const follower = transfer && followers.get(transfer.to);
  if (transfer === undefined || follower === undefined || transfer.isAsked) return;
  if (follower.matchIndex < state.log.lastIndex) return;
  state.ask(follower.server, { kind: 'timeout-now' });
  transfer.isAsked = true;
}

/** Goes on leading if nobody else does in time. True when a transfer has just failed. */
export function endFailedTransfer(state: RaftState, leadership: Leadership): boolean {
  const { transfer } = leadership;
  if (transfer === undefined || state.now < transfer.endsAtMs) return false;
  leadership.transfer = undefined;
  return true;
}

function mostUpToDate(state: RaftState, { followers }: Leadership): string | undefined {
  const candidates = votersOf(state.membership.latest).filter(({ id }) => followers.has(id));
  const matchOf = (id: string): number => followers.get(id)?.matchIndex ?? 0;
  return candidates.toSorted((a, b) => matchOf(b.id) - matchOf(a.id))[0]?.id;
}
