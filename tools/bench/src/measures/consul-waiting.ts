// What thousands of waiting queries cost, and how fast they are told.

import { setTimeout as delay } from 'node:timers/promises';
import type { ConsulServer } from '../consul/server.ts';
import { withServers } from '../consul/servers.ts';
import { WaitingClients } from '../consul/waiting-clients.ts';
import { getRequest } from '../load/requests.ts';
import type { Effort, Measure } from '../measure.ts';
import { bytesPerMiB, memoryOf } from '../process-usage.ts';
import { spreadOf } from '../statistics.ts';

/** The measure. */
export const consulWaiting: Measure = {
  name: 'consul-waiting',
  method: [
    'One server; 5,000 connections that each wait for a change of one key; 5 s later the memory of the',
    'server. Then the key is written, and from that request on until the last has its answer; and the',
    'same three times more, the median.',
  ].join(' '),
  figures: {
    rss: {
      title: 'server with 5,000 waiting queries, RSS',
      unit: 'MiB',
      better: 'lower',
      goal: { ratio: 0.4 },
    },
    pss: {
      title: 'server with 5,000 waiting queries, PSS',
      unit: 'MiB',
      better: 'lower',
      goal: { ratio: 0.4 },
    },
    told: { title: 'last of 5,000 is told', unit: 'ms', better: 'lower', goal: { ratio: 1 } },
  },
  rounds: 3,
  run: (program, effort, say) =>
    withServers(program, { count: 1 }, async ({ first }) => {
      await first.put(keyPath, 'v');
      const tookMs: number[] = [];
      let memory: ReturnType<typeof memoryOf> | undefined;
      for (let count = repeats[effort]; count > 0; count--) {
        const clients = await WaitingClients.ask(first.host, 8500, clientCount, await waitRequest(first));
        await delay(settleMs[effort]);
        if (clients.told > 0) throw new Error(`${clients.told} did not wait`);
        memory ??= memoryOf(first);
        const startMs = performance.now();
        const written = first.put(keyPath, `v${count}`); // the same value again would be no change
        tookMs.push((await clients.allTold()) - startMs);
        await written;
        clients.close();
        say(`the last was told after ${Math.round(tookMs.at(-1) ?? 0)} ms`);
      }
      const { residentBytes, proportionalBytes } = memory ?? memoryOf(first);
      const pss = proportionalBytes / bytesPerMiB;
      return { rss: residentBytes / bytesPerMiB, pss, told: spreadOf(tookMs).median };
    }),
};

/** Waits for the next change. */
async function waitRequest(server: ConsulServer): Promise<Uint8Array> {
  const [key] = (await server.json(keyPath)) as [{ readonly ModifyIndex: number }];
  return getRequest(server.host, `${keyPath}?index=${key.ModifyIndex}&wait=10m`);
}

const keyPath = '/v1/kv/bench/waited-for';
const clientCount = 5_000;
const settleMs: Readonly<Record<Effort, number>> = { full: 5_000, quick: 1_000 };
const repeats: Readonly<Record<Effort, number>> = { full: 4, quick: 1 };
