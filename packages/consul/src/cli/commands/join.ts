// `consul join`: makes an agent join a cluster.

import { consulCommand } from '../consul-command.ts';
import { agentFlags, connect } from '../http-flags.ts';

/** The command. */
export const joinCommand = consulCommand({
  usage: 'consul join [options] address ...',
  about: 'Makes a running agent join the cluster that members at these addresses belong to.',
  flags: {
    wan: { kind: 'bool', help: 'Make a server join the servers of other datacenters.' },
    ...agentFlags,
  },
  async run(call) {
    const { args, ui, values } = call;
    if (args.length === 0) return call.usageError('At least one address to join must be specified.');
    const client = connect(call);
    let joined = 0;
    for (const address of args) {
      try {
        await client.ok('PUT', `/v1/agent/join/${address}`, { query: { wan: values.wan ? '1' : undefined } });
        joined += 1;
      } catch (error) {
        ui.error(`Error joining address '${address}': ${(error as Error).message}`);
      }
    }
    if (joined === 0) {
      ui.error('Failed to join any nodes.');
      return 1;
    }
    ui.output(`Successfully joined cluster by contacting ${joined} nodes.`);
    return 0;
  },
});
