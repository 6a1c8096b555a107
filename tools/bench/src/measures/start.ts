// How long commands take from their start to their end, as a script sees it.

import { type Program, run } from '@reeve/interop';
import { startAgent, withCluster } from '../clusters.ts';
import type { Effort, Measure } from '../measure.ts';
import { spreadOf } from '../statistics.ts';

/** The measure. */
export const start: Measure = {
  name: 'start',
  method: [
    '`version` and `members` (of an agent of the same program) are run 15 times in turn; the median of',
    'each.',
  ].join(' '),
  figures: {
    version: { title: '`version`', unit: 'ms', better: 'lower' },
    members: { title: '`members`', unit: 'ms', better: 'lower', goal: { value: 40 } },
  },
  rounds: 5,
  run: (program, effort) =>
    withCluster(async (cluster) => {
      const agent = await startAgent(cluster, program, 'a');
      const times = { version: [] as number[], members: [] as number[] };
      for (let count = runs[effort]; count > 0; count--) {
        times.version.push(await timeOf(program, 'version'));
        times.members.push(await timeOf(program, 'members', `-rpc-addr=${agent.rpc}`));
      }
      return { version: spreadOf(times.version).median, members: spreadOf(times.members).median };
    }),
};

async function timeOf(program: Program, ...args: string[]): Promise<number> {
  const startMs = performance.now();
  const { exit, stdout, stderr } = await run(program.path, args);
  const tookMs = performance.now() - startMs;
  if (exit !== 0)
    throw new Error(`${program.title}: ${args.join(' ')} ended with ${exit}: ${stdout}${stderr}`);
  return tookMs;
}

const runs: Readonly<Record<Effort, number>> = { full: 15, quick: 5 };
