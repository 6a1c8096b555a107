// What a cluster costs in which nothing happens: 52 agents that probe each other.

import { setTimeout as delay } from 'node:timers/promises';
import { startMembers, withCluster } from '../clusters.ts';
import type { Effort, Measure } from '../measure.ts';
import { bytesPerMiB, cpuMsOf, memoryOf } from '../process-usage.ts';

/** The measure. */
export const quiet: Measure = {
  name: 'quiet',
  method: [
    '52 agents on one machine that all see each other, left alone for 20 s; processor time of all of',
    'them over the next 30 s as a share of one core, then their memory.',
  ].join(' '),
  figures: {
    cpu: { title: 'CPU of a quiet cluster of 52', unit: '% of a core', better: 'lower', goal: { ratio: 1 } },
    rss: { title: 'memory of 52 agents, RSS', unit: 'MiB', better: 'lower' },
    pss: { title: 'memory of 52 agents, PSS', unit: 'MiB', better: 'lower', goal: { ratio: 1.5 } },
  },
  rounds: 2,
  run: (program, effort) =>
    withCluster(async (cluster) => {
      const agents = await startMembers(cluster, program, 52);
      await delay(settleMs[effort]);
      const startMs = performance.now();
      const cpuBeforeMs = agents.map(cpuMsOf);
      await delay(watchMs[effort]);
      const cpuMs = agents.map((agent, index) => cpuMsOf(agent) - (cpuBeforeMs[index] ?? 0));
      const memories = agents.map(memoryOf);
      return {
        cpu: (100 * sum(cpuMs)) / (performance.now() - startMs),
        rss: sum(memories.map(({ residentBytes }) => residentBytes)) / bytesPerMiB,
        pss: sum(memories.map(({ proportionalBytes }) => proportionalBytes)) / bytesPerMiB,
      };
    }),
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const settleMs: Readonly<Record<Effort, number>> = { full: 20_000, quick: 5_000 };
const watchMs: Readonly<Record<Effort, number>> = { full: 30_000, quick: 10_000 };
