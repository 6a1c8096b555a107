// `serf leave`: makes a running agent leave and end.

import { defineCommand, orFail } from '@reeve/cli';
import { rpcFlags, talkToAgent } from '../rpc-call.ts';

/** The command. */
export const leaveCommand = defineCommand({
  usage: 'serf leave [options]',
  about: 'Makes an agent tell the cluster that it goes, and end.',
  flags: rpcFlags,
  run: (call) =>
    talkToAgent(call, async (client) => {
      await orFail('Error leaving', client.leave());
      call.ui.output('Graceful leave complete');
      return 0;
    }),
});
