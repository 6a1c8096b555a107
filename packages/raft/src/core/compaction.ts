// Snapshots of our own, and the entries they make superfluous. Raft paper, section 7; upstream:
// hashicorp/raft snapshot.go.

import type { SnapshotMeta } from './messages.ts';
import type { RaftState } from './state.ts';

/** Whether enough has come since the last snapshot. */
export function isSnapshotDue({ log, config }: RaftState): boolean {
  return log.lastIndex - log.snapshot.index >= config.snapshotThreshold;
}

/**
 * What a snapshot of the state as of now would say of itself; its size is not known yet. Undefined while the
 * configuration in force at that index is not: it has been committed but not applied.
 */
export function describeSnapshot(state: RaftState): SnapshotMeta | undefined {
  const { appliedIndex, membership } = state;
  const term = state.log.termAt(appliedIndex);
  if (term === undefined || membership.committedIndex > appliedIndex) return undefined;
  return {
    index: appliedIndex,
    term,
    configuration: membership.committed,
    configurationIndex: membership.committedIndex,
    sizeBytes: 0,
  };
}

/** A snapshot is on the disk: entries before it may go, but for some that late followers may want. */
export function onSnapshotTaken(state: RaftState, snapshot: SnapshotMeta): void {
  if (snapshot.index <= state.log.snapshot.index) return; // the leader sent a newer one meanwhile
  const { log, config } = state;
  state.snapshot = snapshot;
  log.onSnapshot(snapshot);
  const last = Math.min(snapshot.index, log.lastIndex - config.trailingLogs);
  if (last < log.firstIndex) return;
  state.say('info', `raft: compacting logs: from=${log.firstIndex} to=${last}`);
  log.compactTo(last);
}
