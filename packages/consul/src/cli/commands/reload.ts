// `consul reload`: makes an agent read its configuration again.

import { orFail } from '@reeve/cli';
import { consulCommand } from '../consul-command.ts';
import { agentFlags, connect } from '../http-flags.ts';

/** The command. */
export const reloadCommand = consulCommand({
  usage: 'consul reload [options]',
  about: 'Makes an agent read its configuration files again. If they are wrong, all stays as it is.',
  flags: agentFlags,
  async run(call) {
    await orFail('Error reloading', connect(call).ok('PUT', '/v1/agent/reload'));
    call.ui.output('Configuration reload triggered');
    return 0;
  },
});
