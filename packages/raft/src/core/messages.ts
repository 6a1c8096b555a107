// What servers ask each other and what they answer, as plain values. Raft paper, figures 2 and 13;
// hashicorp/raft commands.go.
//
// A server is named by its address here, as on the wire; configurations also know its lasting id. A
// heartbeat is an AppendEntries without anything in it; it says only that the leader lives, and is answered
// without a look at the log. Next: wire/rpc.ts (bytes), raft.ts (who takes them).

import type { Configuration } from './configuration.ts';
import type { LogEntry } from './log-entry.ts';

/** The leader sends entries that follow one which the follower should have. */
export interface AppendEntries {
  readonly kind: 'append-entries';
  readonly term: number;
  /** The leader's address. */
  readonly leader: string;
  /** The entry before the first of `entries`; 0 and 0 before the very first. */
  readonly prevIndex: number;
  readonly prevTerm: number;
  /** In order, without gaps. */
  readonly entries: readonly LogEntry[];
  /** Up to where the leader has committed. */
  readonly leaderCommit: number;
}

/** The leader lives. */
export interface Heartbeat {
  readonly kind: 'heartbeat';
  readonly term: number;
  /** The leader's address. */
  readonly leader: string;
}

/** A candidate asks for a vote. */
export interface RequestVote {
  readonly kind: 'request-vote';
  readonly term: number;
  /** The candidate's address. */
  readonly candidate: string;
  readonly lastIndex: number;
  readonly lastTerm: number;
  /** The leader itself wants this election: vote although there is a leader. */
  readonly isLeadershipTransfer: boolean;
}

/** The leader sends its state as a whole; the bytes follow on the connection. */
export interface InstallSnapshot {
  readonly kind: 'install-snapshot';
  readonly term: number;
  /** The leader's address. */
  readonly leader: string;
  readonly snapshot: SnapshotMeta;
}

/** The leader asks a server to start an election at once. */
export interface TimeoutNow {
  readonly kind: 'timeout-now';
}

/** Everything a server can be asked. */
export type Request = AppendEntries | Heartbeat | RequestVote | InstallSnapshot | TimeoutNow;

/** What becomes of entries and heartbeats. */
export interface AppendAnswer {
  readonly kind: 'append-answer';
  readonly term: number;
  /** The last entry of the one who answers: a hint for where to go on. */
  readonly lastIndex: number;
  readonly isSuccess: boolean;
  /** The entry before was missing or another: trying again at once makes sense. */
  readonly noRetryBackoff: boolean;
}

/** What becomes of a request for a vote. */
export interface VoteAnswer {
  readonly kind: 'vote-answer';
  readonly term: number;
  readonly isGranted: boolean;
}

/** What becomes of a snapshot. */
export interface SnapshotAnswer {
  readonly kind: 'snapshot-answer';
  readonly term: number;
  readonly isSuccess: boolean;
}

/** An election has started. */
export interface TimeoutNowAnswer {
  readonly kind: 'timeout-now-answer';
}

/** Everything a server can answer. */
export type Answer = AppendAnswer | VoteAnswer | SnapshotAnswer | TimeoutNowAnswer;

/** What a snapshot holds, without its bytes. */
export interface SnapshotMeta {
  /** The last entry whose effect is in it. */
  readonly index: number;
  readonly term: number;
  /** The servers as of `index`, and the entry that said so. */
  readonly configuration: Configuration;
  readonly configurationIndex: number;
  /** How many bytes of state there are. */
  readonly sizeBytes: number;
}
