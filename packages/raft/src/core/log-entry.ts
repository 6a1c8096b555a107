// One entry of the replicated log. Upstream: hashicorp/raft log.go.

/** What an entry is for; on the wire and in the log a number, in hashicorp/raft's order. */
export type LogEntryType = (typeof logEntryTypes)[number];

/**
 * All types in the order of the wire's numbers. The two `deprecated` ones were written by raft protocols 0
 * and 1; we never write them.
 */
export const logEntryTypes = [
  'command',
  'noop',
  'add-peer-deprecated',
  'remove-peer-deprecated',
  'barrier',
  'configuration',
] as const;

/** One entry of the log. Its bytes never change once it has an index. */
export interface LogEntry {
  /** From 1 on, without gaps. */
  readonly index: number;
  /** The term of the leader that wrote it. */
  readonly term: number;
  readonly type: LogEntryType;
  /** The command, or an encoded configuration; empty for the others. */
  readonly data: Uint8Array;
  /** What a layer above keeps beside the command; empty as a rule. */
  readonly extensions: Uint8Array;
}
