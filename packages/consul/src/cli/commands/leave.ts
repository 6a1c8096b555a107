// `consul leave`: makes a running agent leave and end.

import { orFail } from '@reeve/cli';
import { consulCommand } from '../consul-command.ts';
import { agentFlags, connect } from '../http-flags.ts';

/** The command. */
export const leaveCommand = consulCommand({
  usage: 'consul leave [options]',
  about: 'Makes an agent tell the cluster that it goes, and end.',
  flags: agentFlags,
  async run(call) {
    const { args, ui } = call;
    if (args.length > 0) {
      ui.error(`Error found unexpected args: [${args.join(' ')}]`);
      ui.output(call.help);
      return 1;
    }
    await orFail('Error leaving', connect(call).ok('PUT', '/v1/agent/leave'));
    ui.output('Graceful leave complete');
    return 0;
  },
});
