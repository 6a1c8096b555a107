// `consul catalog nodes`: lists the nodes of a datacenter, or those of a service.

import { decodeText } from '@reeve/bytes';
import { CommandFailure, compareText, formatTable, orFail } from '@reeve/cli';
import { catalogNodes, serviceNodes } from '../../api/records/catalog.ts';
import type { Node } from '../../core/index.ts';
import { consulCommand } from '../consul-command.ts';
import { connect, serverFlags } from '../http-flags.ts';
import { loadArgument } from '../input.ts';
import { nodeMetaArgument } from '../node-meta.ts';

/** The command. */
export const catalogNodesCommand = consulCommand({
  usage: 'consul catalog nodes [options]',
  about: 'Lists the nodes of a datacenter. That none match is said, and is no failure.',
  flags: {
    detailed: { kind: 'bool', help: 'Print addresses and metadata too, and whole ids.' },
    filter: { kind: 'string', placeholder: 'expression', help: 'Only nodes for which this is true.' },
    near: {
      kind: 'string',
      placeholder: 'node',
      help: 'The nearest to this node first; _agent is the agent.',
    },
    'node-meta': { kind: 'pairs', help: 'Only nodes with this in their metadata.' },
    service: { kind: 'string', placeholder: 'name', help: 'Only nodes that have this service.' },
    ...serverFlags,
  },
  async run(call) {
    const { args, ui, values } = call;
    if (args.length > 0) throw new CommandFailure(`Too many arguments (expected 0, got ${args.length})`);
    const client = connect(call);
    const filter = await orFail('Could not process filter argument', loadArgument(values.filter));
    const query = {
      filter: decodeText(filter) || undefined,
      near: values.near || undefined,
      'node-meta': nodeMetaArgument(values['node-meta']),
    };
    const nodes =
      values.service === ''
        ? await orFail('Error listing nodes', client.get('/v1/catalog/nodes', catalogNodes, query))
        : await orFail(
            'Error listing nodes for service',
            client.get(`/v1/catalog/service/${values.service}`, serviceNodes, query),
          );
    if (nodes === null || nodes.length === 0)
      ui.error('No nodes match the given query - try expanding your search.');
    else ui.info(formatTable(values.detailed ? detailedRows(nodes) : rows(nodes)));
    return 0;
  },
});

function rows(nodes: readonly Node[]): string[][] {
  const lines = nodes.map(({ name, id, address, datacenter }) => {
    return [name, id.replace(/(?<=.)-.*$/s, ''), address, datacenter];
  });
  return [['Node', 'ID', 'Address', 'DC'], ...lines];
}

function detailedRows(nodes: readonly Node[]): string[][] {
  const lines = nodes.map(({ name, id, address, datacenter, taggedAddresses, meta }) => {
    return [name, id, address, datacenter, pairsText(taggedAddresses), pairsText(meta)];
  });
  return [['Node', 'ID', 'Address', 'DC', 'TaggedAddresses', 'Meta'], ...lines];
}

function pairsText(pairs: ReadonlyMap<string, string> | null): string {
  const sorted = [...(pairs ?? [])].sort(([a], [b]) => compareText(a, b));
  return sorted.map(([name, value]) => `${name}=${value}`).join(', ');
}
