// `consul agent`: a node of a cluster. Next: ../../agent/run-agent.ts.

import { forgetMallocSettings } from '@reeve/runtime/node';
import { runAgent } from '../../agent/run-agent.ts';
import { agentFlags, configRequest } from '../../config/flags.ts';
import { consulCommand } from '../consul-command.ts';

/** The command. */
export const agentCommand = consulCommand({
  usage: 'consul agent [options]',
  about: `Runs a Consul agent: one node of a cluster, which keeps the catalog and answers over HTTP and DNS.
    It ends on a signal, or when it is told to leave.`,
  flags: agentFlags,
  prefixes: { output: '==> ', info: '    ', error: '==> ' },
  async run(call) {
    const { ui, args, io } = call;
    forgetMallocSettings();
    if (args.length > 0) {
      ui.error(`Unexpected extra arguments: [${args.join(' ')}]`);
      return 1;
    }
    const dump = (text: string): void => void io.stderr.write(text);
    return await runAgent(() => configRequest(call), { ui, env: io.env, signals: io.signals, dump });
  },
});
