// `consul services register`: registers services with an agent, from flags or from files.

import { CommandFailure, compactJson, orFail, quote } from '@reeve/cli';
import { noMesh } from '../../definitions/service-mesh.ts';
import { consulCommand } from '../consul-command.ts';
import { connect, namespaceFlags } from '../http-flags.ts';
import { readServiceFiles } from '../service-files.ts';
import { type ServiceRequest, serviceRequestJson } from '../service-request.ts';

/** The command. */
export const servicesRegisterCommand = consulCommand({
  usage: 'consul services register [options] [file ...]',
  about: [
    'Registers services with an agent: one that flags describe, or all those that configuration files',
    'define. The agent keeps them until they are deregistered.',
  ].join(' '),
  flags: {
    address: { kind: 'string', help: 'The address of the service. Default: the one of its node.' },
    id: { kind: 'string', help: 'The id of the service. Default: its name.' },
    kind: { kind: 'string', help: 'The kind of service, if it belongs to a service mesh.' },
    meta: { kind: 'pairs', help: 'Metadata.' },
    name: { kind: 'string', help: 'The name of the service.' },
    port: { kind: 'int', help: 'The port of the service.' },
    tag: { kind: 'repeatable', placeholder: 'tag', help: 'A tag.' },
    'tagged-address': { kind: 'pairs', help: 'Another address, NAME=HOST:PORT.' },
    ...namespaceFlags,
  },
  async run(call) {
    const { args, ui, values } = call;
    const addresses = new Map([...values['tagged-address']].map(parseTaggedAddress));
    if (args.length === 0 && values.name === '')
      throw new CommandFailure('Service registration requires at least one argument or flags.');
    if (args.length > 0 && values.name !== '')
      throw new CommandFailure('Service registration requires arguments or -id, not both.');
    const described: ServiceRequest = {
      kind: values.kind,
      id: values.id,
      name: values.name,
      tags: values.tag,
      port: values.port,
      address: values.address,
      taggedAddresses: addresses,
      enableTagOverride: false,
      meta: values.meta,
      weights: null,
      checks: null,
      mesh: noMesh,
    };
    const services = args.length === 0 ? [described] : await readServiceFiles(args, ui);
    const client = connect(call);
    for (const service of services) {
      const body = `${compactJson(serviceRequestJson(service))}\n`;
      const registered = client.ok('PUT', '/v1/agent/service/register', { body });
      await orFail(`Error registering service ${quote(service.name)}`, registered);
      ui.output(`Registered service: ${service.name}`);
    }
    return 0;
  },
});

function parseTaggedAddress([name, text]: readonly [string, string]) {
  const refuse = (reason: string): CommandFailure => new CommandFailure(`Invalid Tagged Address: ${reason}`);
  const [, host = '', port] = /^(.*):([^:]*)$/s.exec(text) ?? [];
  if (port === undefined) throw refuse(`${text === '' ? '' : `address ${text}: `}missing port in address`);
  if (!/^[-+]?\d+$/.test(port)) throw refuse(`strconv.Atoi: parsing ${quote(port)}: invalid syntax`);
  return [name, { address: host.replace(/^\[(.*)\]$/s, '$1'), port: Number(port) }] as const;
}
