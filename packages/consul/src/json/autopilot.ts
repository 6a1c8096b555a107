// How servers are taken in and removed, as operators read and write it. Upstream: api/operator_autopilot.go.

import { compactJson, formatDuration } from '@reeve/cli';
import type { AutopilotConfig } from '../core/index.ts';
import { readableDurationNs, struct, text, truth, uint, uint64 } from './decode.ts';
import { indexFields } from './fields.ts';

/** Upstream: api.AutopilotConfiguration. What is missing becomes zero. */
export const autopilotConfig = struct<AutopilotConfig>('api.AutopilotConfiguration', {
  cleanupDeadServers: ['CleanupDeadServers', truth],
  lastContactThresholdNs: ['LastContactThreshold', readableDurationNs],
  maxTrailingLogs: ['MaxTrailingLogs', uint64],
  minQuorum: ['MinQuorum', uint],
  serverStabilizationTimeNs: ['ServerStabilizationTime', readableDurationNs],
  redundancyZoneTag: ['RedundancyZoneTag', text],
  disableUpgradeMigration: ['DisableUpgradeMigration', truth],
  upgradeVersionTag: ['UpgradeVersionTag', text],
  ...indexFields,
});

/** The same as a text. */
export function autopilotConfigJson(config: AutopilotConfig): string {
  return compactJson({
    CleanupDeadServers: config.cleanupDeadServers,
    LastContactThreshold: formatDuration(config.lastContactThresholdNs / nsPerMs),
    MaxTrailingLogs: config.maxTrailingLogs,
    MinQuorum: config.minQuorum,
    ServerStabilizationTime: formatDuration(config.serverStabilizationTimeNs / nsPerMs),
    RedundancyZoneTag: config.redundancyZoneTag,
    DisableUpgradeMigration: config.disableUpgradeMigration,
    UpgradeVersionTag: config.upgradeVersionTag,
    CreateIndex: config.createIndex,
    ModifyIndex: config.modifyIndex,
  });
}

const nsPerMs = 1e6;
