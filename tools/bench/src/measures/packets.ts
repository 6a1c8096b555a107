// How fast an agent answers packets, and what one costs it.

import { setTimeout as delay } from 'node:timers/promises';
import { startAgent, withCluster } from '../clusters.ts';
import type { Effort, Measure } from '../measure.ts';
import { PingFlood } from '../ping-flood.ts';
import { cpuMsOf } from '../process-usage.ts';

/** The measure. */
export const packets: Measure = {
  name: 'packets',
  method: [
    'One agent is pinged over UDP by the bench process, 64 pings under way at any time; after 2 s of',
    'this, acks and processor time of the agent over 3 s.',
  ].join(' '),
  figures: {
    rate: { title: 'packets answered', unit: '/s', better: 'higher', goal: { ratio: 3 } },
    cpu: { title: 'CPU a packet', unit: 'µs', better: 'lower', goal: { ratio: 1 / 3 } },
  },
  rounds: 3,
  run: (program, effort) =>
    withCluster(async (cluster) => {
      const agent = await startAgent(cluster, program, 'a');
      const flood = await PingFlood.at(agent);
      await delay(warmUpMs);
      const before = { startMs: performance.now(), answered: flood.answered, cpuMs: cpuMsOf(agent) };
      await delay(watchMs[effort]);
      const answered = flood.answered - before.answered;
      const cpuMs = cpuMsOf(agent) - before.cpuMs;
      const tookMs = performance.now() - before.startMs;
      flood.stop();
      return { rate: (1_000 * answered) / tookMs, cpu: (1_000 * cpuMs) / answered };
    }),
};

const warmUpMs = 2_000;
const watchMs: Readonly<Record<Effort, number>> = { full: 3_000, quick: 1_000 };
