// `serf force-leave`: declares a failed member left.

import { defineCommand, orFail } from '@reeve/cli';
import { rpcFlags, talkToAgent } from '../rpc-call.ts';

/** The command. */
export const forceLeaveCommand = defineCommand({
  usage: 'serf force-leave [options] name',
  about: [
    'Declares that a failed member has left, so that nobody tries to reach it any more.',
    'A member that is alive after all objects and stays.',
  ].join(' '),
  flags: {
    prune: { kind: 'bool', help: 'Also take the member off the list at once.' },
    ...rpcFlags,
  },
  async run(call) {
    const [name, ...more] = call.args;
    if (name === undefined || more.length > 0) {
      return call.usageError('A node name must be specified to force leave.');
    }
    return talkToAgent(call, async (client) => {
      await orFail('Error force leaving', client.forceLeave(name, call.values.prune));
      return 0;
    });
  },
});
