// `consul services deregister`: removes services from an agent, by id or as files define them.

import { CommandFailure, orFail, quote } from '@reeve/cli';
import { consulCommand } from '../consul-command.ts';
import { connect, namespaceFlags } from '../http-flags.ts';
import { readServiceFiles } from '../service-files.ts';

/** The command. */
export const servicesDeregisterCommand = consulCommand({
  usage: 'consul services deregister [options] [file ...]',
  about: 'Removes services from an agent: the one of an id, or all those that configuration files define.',
  flags: {
    id: { kind: 'string', help: 'The id of the service.' },
    ...namespaceFlags,
  },
  async run(call) {
    const { args, ui, values } = call;
    if (args.length === 0 && values.id === '')
      throw new CommandFailure('Service deregistration requires at least one argument or -id.');
    if (args.length > 0 && values.id !== '')
      throw new CommandFailure('Service deregistration requires arguments or -id, not both.');
    const services = args.length === 0 ? [{ id: values.id, name: '' }] : await readServiceFiles(args, ui);
    const client = connect(call);
    for (const { id: given, name } of services) {
      const id = given || name;
      if (id === '') continue;
      const removed = client.ok('PUT', `/v1/agent/service/deregister/${id}`);
      await orFail(`Error registering service ${quote(name)}`, removed); // the original's slip
      ui.output(`Deregistered service: ${id}`);
    }
    return 0;
  },
});
