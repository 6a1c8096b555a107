// `serf join`: makes a running agent join a cluster.

import { defineCommand, orFail } from '@reeve/cli';
import { rpcFlags, talkToAgent } from '../rpc-call.ts';

/** The command. */
export const joinCommand = defineCommand({
  usage: 'serf join [options] address ...',
  about: 'Makes a running agent join the cluster that any of the given members belongs to.',
  flags: {
    replay: { kind: 'bool', help: 'Let the agent also handle the events that were sent before it joined.' },
    ...rpcFlags,
  },
  async run(call) {
    const { args, ui, values } = call;
    if (args.length === 0) return call.usageError('At least one address to join must be specified.');
    return talkToAgent(call, async (client) => {
      const contacted = await orFail('Error joining the cluster', client.join(args, values.replay));
      ui.output(`Successfully joined cluster by contacting ${contacted} nodes.`);
      return 0;
    });
  },
});
