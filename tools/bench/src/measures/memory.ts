// What one agent takes that has nothing to do.

import { setTimeout as delay } from 'node:timers/promises';
import { startAgent, withCluster } from '../clusters.ts';
import type { Effort, Measure } from '../measure.ts';
import { bytesPerMiB, memoryOf } from '../process-usage.ts';

/** The measure. */
export const memory: Measure = {
  name: 'memory',
  method: 'One agent, alone, 10 s after its start.',
  figures: {
    rss: { title: 'memory of 1 agent, RSS', unit: 'MiB', better: 'lower' },
    pss: { title: 'memory of 1 agent, PSS', unit: 'MiB', better: 'lower' },
  },
  rounds: 3,
  run: (program, effort) =>
    withCluster(async (cluster) => {
      const agent = await startAgent(cluster, program, 'a');
      await delay(settleMs[effort]);
      const { residentBytes, proportionalBytes } = memoryOf(agent);
      return { rss: residentBytes / bytesPerMiB, pss: proportionalBytes / bytesPerMiB };
    }),
};

const settleMs: Readonly<Record<Effort, number>> = { full: 10_000, quick: 2_000 };
