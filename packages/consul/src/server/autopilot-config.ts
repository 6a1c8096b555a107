// How autopilot works until somebody says otherwise. Upstream: agent/config/default.go.

import type { AutopilotConfig } from '../core/index.ts';

/** What upstream has when nothing is configured. */
export const defaultAutopilotConfig: AutopilotConfig = {
  cleanupDeadServers: true,
  lastContactThresholdNs: 200e6,
  maxTrailingLogs: 250,
  minQuorum: 0,
  serverStabilizationTimeNs: 10e9,
  redundancyZoneTag: '',
  disableUpgradeMigration: false,
  upgradeVersionTag: '',
  createIndex: 0,
  modifyIndex: 0,
};
