// `serf monitor`: shows an agent's log and events as they come, until interrupted.

import { defineCommand, orFail } from '@reeve/cli';
import { eventLines } from '../go-syntax.ts';
import { orInterrupt } from '../interrupt.ts';
import { rpcFlags, talkToAgent } from '../rpc-call.ts';

/** The command. */
export const monitorCommand = defineCommand({
  usage: 'serf monitor [options]',
  about: [
    'Prints what an agent logged last and then every line it logs and every event it sees. The level is',
    "independent of the agent's own: details that the agent does not print can be seen here.",
  ].join(' '),
  flags: {
    'log-level': {
      kind: 'string',
      default: 'INFO',
      placeholder: 'level',
      help: 'Print lines of this level and graver ones: trace, debug, info, warn or err.',
    },
    ...rpcFlags,
  },
  run: (call) =>
    talkToAgent(call, async (client) => {
      const { ui, io, values } = call;
      const events = client.stream('*', (record) => {
        for (const line of ['Event Info:', ...eventLines(record)]) ui.info(line);
      });
      const log = client.monitor(values['log-level'], (line) => ui.info(line));
      const ended = Promise.race([
        orFail('Error starting stream', events),
        orFail('Error starting monitor', log),
      ]);
      if ((await orInterrupt(io.signals, ended)) === 'interrupted') return 0;
      ui.info('');
      ui.output(
        'Remote side ended the monitor! This usually means that the\nremote side has exited or crashed.',
      );
      return 1;
    }),
});
