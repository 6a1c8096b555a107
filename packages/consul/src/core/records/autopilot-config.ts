// How servers come and go by themselves. Upstream: agent/consul/autopilot/structs.go (Config).

import type { RaftIndex } from './raft-index.ts';

/** What operators may set; times in nanoseconds. There is one of it, or none before there was a leader. */
export interface AutopilotConfig extends RaftIndex {
  readonly cleanupDeadServers: boolean;
  /** Longer without a word from the leader, and a server is unhealthy. */
  readonly lastContactThresholdNs: number;
  /** Further behind in the log, and a server is unhealthy. */
  readonly maxTrailingLogs: number;
  /** Fewer servers than these are never left by cleaning up; 0: no such bound. */
  readonly minQuorum: number;
  /** So long a server must be healthy before it may vote. */
  readonly serverStabilizationTimeNs: number;
  /** The rest is kept and shown, and means nothing outside of the Enterprise edition. */
  readonly redundancyZoneTag: string;
  readonly disableUpgradeMigration: boolean;
  readonly upgradeVersionTag: string;
}
