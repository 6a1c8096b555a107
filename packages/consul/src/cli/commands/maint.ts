// `consul maint`: takes a node or a service out of service, and puts it back; without a word, lists them.

import { CommandFailure, compareText, orFail, quote, type Ui } from '@reeve/cli';
import type { ConsulClient } from '../../api/client.ts';
import { self } from '../../api/records/agent.ts';
import { agentChecks } from '../../api/records/health.ts';
import { consulCommand } from '../consul-command.ts';
import { agentFlags, connect } from '../http-flags.ts';

/** The command. */
export const maintCommand = consulCommand({
  usage: 'consul maint [options]',
  about: [
    'Puts the node of an agent, or one of its services, under maintenance, so that nobody finds it, or ends',
    'that. With neither -enable nor -disable it lists what is under maintenance.',
  ].join(' '),
  flags: {
    enable: { kind: 'bool', help: 'Begin maintenance.' },
    disable: { kind: 'bool', help: 'End maintenance.' },
    reason: { kind: 'string', help: 'Why; shown with the check that stands for it.' },
    service: { kind: 'string', placeholder: 'id', help: 'The service; without it, the node.' },
    ...agentFlags,
  },
  async run(call) {
    const { ui, values } = call;
    const { enable, disable, reason, service } = values;
    if (enable && disable) throw new CommandFailure('Only one of -enable or -disable may be provided');
    if (!enable && reason !== '') throw new CommandFailure('Reason may only be provided with -enable');
    if (!enable && !disable && service !== '')
      throw new CommandFailure('Service requires either -enable or -disable');
    const client = connect(call);
    if (!enable && !disable) return listMaintenance(client, ui);
    const isNode = service === '';
    const path = isNode ? '/v1/agent/maintenance' : `/v1/agent/service/maintenance/${service}`;
    const query = { enable: String(enable), reason: enable ? reason : undefined };
    const verb = enable ? 'enabling' : 'disabling';
    const what = `Error ${verb} ${isNode ? 'node' : 'service'} maintenance`;
    await orFail(what, client.ok('PUT', path, { query }));
    const done = `maintenance is now ${enable ? 'enabled' : 'disabled'}`;
    ui.output(isNode ? `Node ${done}` : `Service ${done} for ${quote(service)}`);
    return 0;
  },
});

async function listMaintenance(client: ConsulClient, ui: Ui): Promise<number> {
  const { config } = await orFail('Error querying Consul agent', client.get('/v1/agent/self', self));
  const found = await orFail('Error getting checks', client.get('/v1/agent/checks', agentChecks));
  const checks = [...(found?.values() ?? [])].sort((a, b) => compareText(a.checkId, b.checkId));
  for (const { checkId, serviceId, notes } of checks) {
    if (checkId === '_node_maintenance')
      ui.output(`Node:\n  Name:   ${config.nodeName}\n  Reason: ${notes}\n`);
    if (checkId.startsWith('_service_maintenance:'))
      ui.output(`Service:\n  ID:     ${serviceId}\n  Reason: ${notes}\n`);
  }
  return 0;
}
