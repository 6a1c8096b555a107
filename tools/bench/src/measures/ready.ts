// How long an agent takes until it works.

import { Agent, readyLine } from '@reeve/interop';
import { withCluster } from '../clusters.ts';
import type { Effort, Measure } from '../measure.ts';
import { spreadOf } from '../statistics.ts';

/** The measure. */
export const ready: Measure = {
  name: 'ready',
  method: 'From the start of an agent to the last line of its banner, 5 times; the median.',
  figures: { ready: { title: 'agent ready', unit: 'ms', better: 'lower' } },
  rounds: 5,
  run: (program, effort) =>
    withCluster(async (cluster) => {
      const times: number[] = [];
      for (let count = runs[effort]; count > 0; count--) {
        const startMs = performance.now();
        const agent = new Agent(program, 'a', cluster.nextPlace(), ['-log-level=warn']);
        if (!(await agent.printed((output) => output.includes(readyLine)))) throw new Error(agent.output);
        times.push(performance.now() - startMs);
        await agent.kill();
      }
      return { ready: spreadOf(times).median };
    }),
};

const runs: Readonly<Record<Effort, number>> = { full: 5, quick: 2 };
