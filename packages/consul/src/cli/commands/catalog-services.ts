// `consul catalog services`: lists the services of a datacenter, or of a node.

import { alignTabs, CommandFailure, compareText, orFail, trimSpace } from '@reeve/cli';
import type { ConsulClient } from '../../api/client.ts';
import type { Query } from '../../api/go-url.ts';
import { nodeServices, serviceTags } from '../../api/records/catalog.ts';
import { consulCommand } from '../consul-command.ts';
import { connect, namespaceFlags } from '../http-flags.ts';
import { nodeMetaArgument } from '../node-meta.ts';

/** The command. */
export const catalogServicesCommand = consulCommand({
  usage: 'consul catalog services [options]',
  about: 'Lists the services of a datacenter. That none match is said, and is no failure.',
  flags: {
    node: { kind: 'string', placeholder: 'name', help: 'Only services of this node; its id will do, too.' },
    'node-meta': { kind: 'pairs', help: 'Only services on nodes with this in their metadata.' },
    tags: { kind: 'bool', help: 'Print the tags of each service, too.' },
    ...namespaceFlags,
  },
  async run(call) {
    const { args, ui, values } = call;
    if (args.length > 0) throw new CommandFailure(`Too many arguments (expected 0, got ${args.length})`);
    const query = { 'node-meta': nodeMetaArgument(values['node-meta']) };
    const client = connect(call);
    const services =
      values.node === ''
        ? ((await orFail('Error listing services', client.get('/v1/catalog/services', serviceTags, query))) ??
          new Map<string, readonly string[] | null>())
        : await orFail('Error listing services for node', servicesOf(client, values.node, query));
    if (services.size === 0) {
      ui.error('No services match the given query - try expanding your search.');
      return 0;
    }
    const sorted = [...services].sort(([a], [b]) => compareText(a, b));
    const lines = sorted.map(([name, tags]) => `${name}\t${[...(tags ?? [])].sort(compareText).join(',')}`);
    if (values.tags) ui.output(trimSpace(alignTabs(lines.join('\n'))));
    else for (const [name] of sorted) ui.output(name);
    return 0;
  },
});

/** The services of a node, each with the tags of all its instances there. */
async function servicesOf(
  client: ConsulClient,
  node: string,
  query: Query,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await client.get(`/v1/catalog/node/${node}`, nodeServices, query);
  const services = new Map<string, readonly string[]>();
  for (const { service, tags } of found?.services?.values() ?? [])
    services.set(service, [...(services.get(service) ?? []), ...(tags ?? [])]);
  return services;
}
