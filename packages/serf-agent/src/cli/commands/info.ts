// `serf info`: the agent's own numbers.

import { compareText, defineCommand, orFail } from '@reeve/cli';
import type { StatsReply } from '../../rpc/wire/replies.ts';
import { formatFlag, formatOutput } from '../output-format.ts';
import { rpcFlags, talkToAgent } from '../rpc-call.ts';

/** The command. */
export const infoCommand = defineCommand({
  usage: 'serf info [options]',
  about:
    'Prints what an agent knows about itself: its name, tags and event handlers, its process and its queues.',
  flags: { ...formatFlag, ...rpcFlags },
  run: (call) =>
    talkToAgent(call, async (client) => {
      const stats = await orFail('Error querying agent', client.stats());
      call.ui.output(
        formatOutput(
          call.values.format,
          () => formatStats(stats),
          () => stats,
        ),
      );
      return 0;
    }),
});

function formatStats(stats: StatsReply): string {
  const lines: string[] = [];
  for (const [section, values] of sortByKey(stats)) {
    lines.push(`${section}:`, ...sortByKey(values).map(([key, value]) => `\t${key} = ${value}`));
  }
  return lines.join('\n');
}

function sortByKey<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => compareText(a, b));
}
