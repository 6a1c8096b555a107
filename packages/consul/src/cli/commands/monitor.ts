// `consul monitor`: shows an agent's log as it comes, until interrupted.
// The original asks for gzip and cannot read what it gets; we do not ask, so this works with both.

import { createInterface } from 'node:readline';
import { orFail } from '@reeve/cli';
import { consulCommand } from '../consul-command.ts';
import { agentFlags, connect } from '../http-flags.ts';
import { onShutdown } from '../shutdown.ts';

/** The command. */
export const monitorCommand = consulCommand({
  usage: 'consul monitor [options]',
  about:
    'Prints every line that an agent logs from now on. The level is independent of the one of the agent.',
  flags: {
    'log-level': {
      kind: 'string',
      default: 'INFO',
      placeholder: 'level',
      help: 'Print lines of this level and graver ones: trace, debug, info, warn or err.',
    },
    'log-json': { kind: 'bool', help: 'Print each line as JSON.' },
    ...agentFlags,
  },
  async run(call) {
    const { ui, io, values } = call;
    const stop = onShutdown(io.signals);
    const query = { loglevel: values['log-level'], logjson: values['log-json'] ? 'true' : undefined };
    const streamed = connect(call).stream('GET', '/v1/agent/monitor', { query, isLive: true, signal: stop });
    const what = values['log-json'] ? 'Error starting JSON monitor' : 'Error starting monitor';
    const { body } = await orFail(what, streamed);
    try {
      for await (const line of createInterface({ input: body })) ui.info(line);
    } catch {
      // the agent, or we, have ended it
    }
    if (stop.aborted) return 0;
    ui.info('');
    ui.output(
      'Remote side ended the monitor! This usually means that the\nremote side has exited or crashed.',
    );
    return 1;
  },
});
