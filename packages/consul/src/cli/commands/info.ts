// `consul info`: figures about an agent, by subsystem.

import { compareText, orFail } from '@reeve/cli';
import { self } from '../../api/records/agent.ts';
import { consulCommand } from '../consul-command.ts';
import { agentFlags, connect } from '../http-flags.ts';

/** The command. */
export const infoCommand = consulCommand({
  usage: 'consul info [options]',
  about: 'Prints figures about an agent, for operators and for reports of faults.',
  flags: agentFlags,
  async run(call) {
    const { stats } = await orFail('Error querying agent', connect(call).get('/v1/agent/self', self));
    for (const [section, figures] of sorted(stats ?? [])) {
      call.ui.output(`${section}:`);
      for (const [name, value] of sorted(figures ?? [])) call.ui.output(`\t${name} = ${value}`);
    }
    return 0;
  },
});

function sorted<T>(entries: Iterable<readonly [string, T]>): (readonly [string, T])[] {
  return [...entries].sort(([a], [b]) => compareText(a, b));
}
