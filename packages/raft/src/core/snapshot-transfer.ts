// The leader sends a follower its state as a whole, because entries the follower needs are gone. Raft paper,
// section 7; upstream: hashicorp/raft replication.go (sendLatestSnapshot).
//
// Here it is only decided; whoever carries the question adds the bytes of the snapshot it names. The
// follower's side is install-snapshot.ts.

import type { InstallSnapshot, SnapshotAnswer } from './messages.ts';
import { backoffMs, type Progress } from './progress.ts';
import type { RaftState } from './state.ts';

/** Whether there is a snapshot, and we are as far ourselves: an operator's is restored here first. */
export function canSendSnapshot({ snapshot, appliedIndex }: RaftState): boolean {
  return snapshot !== undefined && appliedIndex >= snapshot.index;
}

/** Sends the newest snapshot. */
export function sendSnapshot(state: RaftState, follower: Progress): void {
  const { snapshot, term, address } = state;
  if (snapshot === undefined) return;
  const request: InstallSnapshot = { kind: 'install-snapshot', term, leader: address, snapshot };
  follower.probeFrom(follower.nextIndex, 0); // answers to earlier messages no longer matter
  follower.mode = 'snapshot';
  follower.inFlight = 1;
  state.ask(follower.server, request, 0, follower.epoch);
}

/** A follower has the snapshot, or did not want it. */
export function onSnapshotAnswer(
  state: RaftState,
  follower: Progress,
  { snapshot }: InstallSnapshot,
  { isSuccess }: SnapshotAnswer,
): void {
  follower.failures = isSuccess ? 0 : follower.failures + 1;
  if (isSuccess) follower.matchIndex = Math.max(follower.matchIndex, snapshot.index);
  const nextIndex = isSuccess ? follower.matchIndex + 1 : follower.nextIndex;
  follower.probeFrom(nextIndex, state.now + backoffMs(follower.failures));
}
