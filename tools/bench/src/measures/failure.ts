// How long it takes until everybody knows that an agent was killed.

import { startMembers, withCluster } from '../clusters.ts';
import type { Measure } from '../measure.ts';

/** The measure. */
export const failure: Measure = {
  name: 'failure',
  method: [
    'One of 10 agents is killed; until the first and the last of the others log that it has failed.',
    'They suspect it when it misses a probe and then give it at least 4 s.',
  ].join(' '),
  figures: {
    first: { title: 'killed agent noticed by the first of 9', unit: 's', better: 'lower' },
    last: { title: 'killed agent noticed by the last of 9', unit: 's', better: 'lower' },
  },
  rounds: 3,
  run: (program) =>
    withCluster(async (cluster) => {
      const agents = await startMembers(cluster, program, 10, '-log-level=info');
      const [victim, ...others] = agents;
      if (victim === undefined) throw new Error('a cluster has agents');
      const startMs = performance.now();
      const noticed = others.map(async (agent) => {
        await agent.printed((output) => output.includes(`EventMemberFailed: ${victim.name} `));
        return (performance.now() - startMs) / 1_000;
      });
      await victim.kill();
      const times = await Promise.all(noticed);
      return { first: Math.min(...times), last: Math.max(...times) };
    }),
};
