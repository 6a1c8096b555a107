// The settings of one server and their bounds. Upstream: hashicorp/raft config.go; its defaults and texts.

/** How a server keeps time and how much it keeps. Milliseconds are before jitter, as upstream's. */
export interface RaftConfig {
  /** Without a word from a leader for this long and up to as long again, a follower becomes a candidate. */
  readonly heartbeatTimeoutMs: number;
  /** How long, and up to as long again, a candidate waits for its votes. */
  readonly electionTimeoutMs: number;
  /** A leader that has heard from no majority for this long steps down. */
  readonly leaderLeaseMs: number;
  /** When followers are told at the latest what is committed. */
  readonly commitTimeoutMs: number;
  /** How many entries go in one message at most. */
  readonly appendEntriesMax: number;
  /** How many bytes of entries go in one message; a single larger entry still goes. */
  readonly appendBytesMax: number;
  /** How many messages with entries a follower is sent before it answers. */
  readonly pipelineMax: number;
  /** How many bytes of entries it is sent before it answers; the message that exceeds it still goes. */
  readonly pipelineBytesMax: number;
  /** How many entries stay behind a snapshot, for followers that are a little late. */
  readonly trailingLogs: number;
  /** How often, and up to twice as seldom, is looked whether a snapshot is due. */
  readonly snapshotIntervalMs: number;
  /** A snapshot is due when this many entries came after the last one. */
  readonly snapshotThreshold: number;
}

/** Upstream's defaults; Consul multiplies the first three. */
export const defaultConfig: RaftConfig = {
  heartbeatTimeoutMs: 1_000,
  electionTimeoutMs: 1_000,
  leaderLeaseMs: 500,
  commitTimeoutMs: 50,
  appendEntriesMax: 64,
  appendBytesMax: 1 << 20,
  pipelineMax: 128,
  pipelineBytesMax: 8 << 20,
  trailingLogs: 10_240,
  snapshotIntervalMs: 120_000,
  snapshotThreshold: 8_192,
};

/** What is wrong with a configuration, in upstream's words; undefined when nothing is. */
export function configFlaw(config: RaftConfig): string | undefined {
  if (config.heartbeatTimeoutMs < timeoutMsMin) return 'Heartbeat timeout is too low';
  if (config.electionTimeoutMs < timeoutMsMin) return 'Election timeout is too low';
  if (config.commitTimeoutMs < 1) return 'Commit timeout is too low';
  if (config.appendEntriesMax <= 0) return 'MaxAppendEntries must be positive';
  if (config.appendEntriesMax > 1_024) return 'MaxAppendEntries is too large';
  if (config.snapshotIntervalMs < timeoutMsMin) return 'Snapshot interval is too low';
  if (config.leaderLeaseMs < timeoutMsMin) return 'Leader lease timeout is too low';
  if (config.leaderLeaseMs > config.heartbeatTimeoutMs)
    return 'Leader lease timeout cannot be larger than heartbeat timeout';
  if (config.electionTimeoutMs < config.heartbeatTimeoutMs)
    return 'Election timeout must be equal or greater than Heartbeat Timeout';
  return undefined;
}

const timeoutMsMin = 5;
