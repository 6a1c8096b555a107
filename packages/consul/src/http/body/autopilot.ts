// Autopilot's configuration, as operators send it. Upstream: api/operator_autopilot.go.

import type { AutopilotConfig } from '../../core/index.ts';
import { durationNs, struct, text, truth, uint64 } from '../../json/decode.ts';

/** The body of a request to set it. What is missing becomes zero, as upstream's. */
export const autopilotBody = struct<AutopilotConfig>('', {
  cleanupDeadServers: ['CleanupDeadServers', truth],
  lastContactThresholdNs: ['LastContactThreshold', durationNs],
  maxTrailingLogs: ['MaxTrailingLogs', uint64],
  minQuorum: ['MinQuorum', uint64],
  serverStabilizationTimeNs: ['ServerStabilizationTime', durationNs],
  redundancyZoneTag: ['RedundancyZoneTag', text],
  disableUpgradeMigration: ['DisableUpgradeMigration', truth],
  upgradeVersionTag: ['UpgradeVersionTag', text],
  createIndex: ['CreateIndex', uint64],
  modifyIndex: ['ModifyIndex', uint64],
});
