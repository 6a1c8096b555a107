// `consul operator autopilot get-config`: how servers are taken in and removed.

import { formatDuration, orFail, quote } from '@reeve/cli';
import { autopilotConfig } from '../../json/autopilot.ts';
import { consulCommand } from '../consul-command.ts';
import { connect, serverFlags, staleArgument } from '../http-flags.ts';

/** The command. */
export const operatorAutopilotGetConfigCommand = consulCommand({
  usage: 'consul operator autopilot get-config [options]',
  about: 'Prints how autopilot takes servers in and removes them.',
  flags: serverFlags,
  async run(call) {
    const query = { stale: staleArgument(call.values) };
    const client = connect(call, 'Error initializing client');
    const asked = client.get('/v1/operator/autopilot/configuration', autopilotConfig, query);
    const config = await orFail('Error querying Autopilot configuration', asked);
    const lines = [
      `CleanupDeadServers = ${config.cleanupDeadServers}`,
      `LastContactThreshold = ${formatDuration(config.lastContactThresholdNs / nsPerMs)}`,
      `MaxTrailingLogs = ${config.maxTrailingLogs}`,
      `MinQuorum = ${config.minQuorum}`,
      `ServerStabilizationTime = ${formatDuration(config.serverStabilizationTimeNs / nsPerMs)}`,
      `RedundancyZoneTag = ${quote(config.redundancyZoneTag)}`,
      `DisableUpgradeMigration = ${config.disableUpgradeMigration}`,
      `UpgradeVersionTag = ${quote(config.upgradeVersionTag)}`,
    ];
    for (const line of lines) call.ui.output(line);
    return 0;
  },
});

const nsPerMs = 1e6;
