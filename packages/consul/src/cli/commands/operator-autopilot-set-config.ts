// `consul operator autopilot set-config`: changes what is given and leaves the rest; nothing, if somebody
// else changes it at the same time.

import { orFail } from '@reeve/cli';
import type { AutopilotConfig } from '../../core/index.ts';
import { autopilotConfig, autopilotConfigJson } from '../../json/autopilot.ts';
import { consulCommand } from '../consul-command.ts';
import { connect, serverFlags } from '../http-flags.ts';

/** The command. */
export const operatorAutopilotSetConfigCommand = consulCommand({
  usage: 'consul operator autopilot set-config [options]',
  about: 'Changes how autopilot takes servers in and removes them.',
  flags: {
    'cleanup-dead-servers': {
      kind: 'bool',
      isOwn: true,
      help: 'Whether dead servers are removed when new ones come.',
    },
    'disable-upgrade-migration': { kind: 'bool', isOwn: true, help: 'Only the Enterprise edition knows it.' },
    'last-contact-threshold': {
      kind: 'duration',
      isOwn: true,
      help: 'A server that has not heard of the leader for so long is not healthy.',
    },
    'max-trailing-logs': {
      kind: 'uint',
      isOwn: true,
      help: 'A server that lacks more log entries is not healthy.',
    },
    'min-quorum': { kind: 'uint', isOwn: true, help: 'No dead server is removed if fewer would be left.' },
    'redundancy-zone-tag': { kind: 'string', help: 'Only the Enterprise edition knows it.' },
    'server-stabilization-time': {
      kind: 'duration',
      isOwn: true,
      help: 'A new server has to be healthy for so long before it votes.',
    },
    'upgrade-version-tag': { kind: 'string', help: 'Only the Enterprise edition knows it.' },
    ...serverFlags,
  },
  async run(call) {
    const { given, ui, values } = call;
    const client = connect(call, 'Error initializing client');
    const path = '/v1/operator/autopilot/configuration';
    const config = await orFail('Error querying Autopilot configuration', client.get(path, autopilotConfig));
    const changed: AutopilotConfig = {
      ...config,
      ...(given.has('cleanup-dead-servers') && { cleanupDeadServers: values['cleanup-dead-servers'] }),
      ...(given.has('last-contact-threshold') && {
        lastContactThresholdNs: values['last-contact-threshold'] * nsPerMs,
      }),
      ...(given.has('max-trailing-logs') && { maxTrailingLogs: Number(values['max-trailing-logs']) }),
      ...(given.has('min-quorum') && { minQuorum: Number(values['min-quorum']) }),
      ...(given.has('server-stabilization-time') && {
        serverStabilizationTimeNs: values['server-stabilization-time'] * nsPerMs,
      }),
      ...(given.has('redundancy-zone-tag') && { redundancyZoneTag: values['redundancy-zone-tag'] }),
      ...(given.has('disable-upgrade-migration') && {
        disableUpgradeMigration: values['disable-upgrade-migration'],
      }),
      ...(given.has('upgrade-version-tag') && { upgradeVersionTag: values['upgrade-version-tag'] }),
    };
    const query = { cas: String(config.modifyIndex) };
    const written = client.ok('PUT', path, { query, body: `${autopilotConfigJson(changed)}\n` });
    const { body } = await orFail('Error setting Autopilot configuration', written);
    const isWritten = Buffer.from(body).includes('true');
    ui.output(
      isWritten
        ? 'Configuration updated!'
        : 'Configuration could not be atomically updated, please try again',
    );
    return isWritten ? 0 : 1;
  },
});

const nsPerMs = 1e6;
