// A server gets a whole state in place of entries: from its leader, or from an operator. Raft paper,
// section 7; upstream: hashicorp/raft raft.go (installSnapshot, restoreUserSnapshot).
//
// The bytes are on our disk already when these rules are asked. Next: compaction.ts (snapshots of our own).

import { hearLeader } from './follow.ts';
import { Membership } from './membership.ts';
import type { InstallSnapshot, SnapshotMeta } from './messages.ts';
import type { RaftState } from './state.ts';

/** Takes over the leader's state. True when it has to be restored; an old one holds nothing new. */
export function onInstallSnapshot(state: RaftState, ticket: number, request: InstallSnapshot): boolean {
  const { snapshot } = request;
  const isSuccess = hearLeader(state, request.term, request.leader);
  const isNews = isSuccess && snapshot.index > state.commitIndex;
  if (isNews) adoptSnapshot(state, snapshot);
  state.replyWhenWritten(ticket, { kind: 'snapshot-answer', term: state.term, isSuccess });
  return isNews;
}

/** Everything up to the snapshot's index is as the snapshot says; the state machine has it later. */
export function adoptSnapshot(state: RaftState, snapshot: SnapshotMeta): void {
  state.snapshot = snapshot;
  state.log.onSnapshot(snapshot);
  state.log.compactTo(snapshot.index);
  state.commitIndex = snapshot.index;
  state.membership = new Membership(snapshot.configuration, snapshot.configurationIndex);
  for (let index = snapshot.index + 1; index <= state.log.lastIndex; index++) {
    const entry = state.log.entryAt(index);
    if (entry !== undefined) state.membership.onAppended(entry);
  }
}
