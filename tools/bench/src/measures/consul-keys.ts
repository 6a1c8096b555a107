// What many keys cost: memory, a snapshot of them, and a start that finds them.

import type { ConsulServer } from '../consul/server.ts';
import { withServers } from '../consul/servers.ts';
import { untilAnswered } from '../consul/until-answered.ts';
import { putRequest } from '../load/requests.ts';
import { runLoad } from '../load/run-load.ts';
import type { Effort, Measure } from '../measure.ts';
import { bytesPerMiB, memoryOf } from '../process-usage.ts';

/** The measure. */
export const consulKeys: Measure = {
  name: 'consul-keys',
  method: [
    'One server gets 100,000 keys of 64 bytes by as many PUTs on 64 connections; then its memory, and how',
    'long a snapshot takes until its last byte has come. Then it is killed (SIGKILL) and started: until',
    'the last key is read, by default consistency, asked for every 20 ms.',
  ].join(' '),
  figures: {
    fill: { title: '100,000 keys are written', unit: 's', better: 'lower' },
    rss: { title: 'server with 100,000 keys, RSS', unit: 'MiB', better: 'lower', goal: { ratio: 0.5 } },
    pss: { title: 'server with 100,000 keys, PSS', unit: 'MiB', better: 'lower', goal: { ratio: 0.5 } },
    snapshot: { title: 'snapshot of 100,000 keys', unit: 's', better: 'lower' },
    restart: { title: 'restart with 100,000 keys', unit: 's', better: 'lower', goal: { value: 2 } },
  },
  rounds: 3,
  run: (program, effort, say) =>
    withServers(program, { count: 1 }, async ({ first, pids }) => {
      const fill = await fillIn(first, keyCount[effort], pids);
      say(`filled in ${fill.toFixed(1)} s`);
      const { residentBytes, proportionalBytes } = memoryOf(first);
      const snapshot = await secondsOf(() => first.bytes('/v1/snapshot'));
      say(`snapshot in ${snapshot.toFixed(2)} s`);
      await first.kill();
      const startMs = performance.now();
      first.start();
      const read = (limitMs: number) => first.json(keyPath(keyCount[effort] - 1), limitMs);
      const restart = ((await untilAnswered('the last key is read', [read])) - startMs) / 1_000;
      say(`read again after ${restart.toFixed(2)} s`);
      const memory = { rss: residentBytes / bytesPerMiB, pss: proportionalBytes / bytesPerMiB };
      return { fill, ...memory, snapshot, restart };
    }),
};

/** Writes all keys; in seconds. */
function fillIn(server: ConsulServer, count: number, pids: readonly number[]): Promise<number> {
  const value = 'v'.repeat(64);
  const { host } = server;
  const requests = Array.from({ length: count }, (_, key) => putRequest(host, keyPath(key), value));
  return secondsOf(async () => {
    const load = { protocol: 'http', host, port: 8500, requests, underWay: 64, warmUpMs: 0 } as const;
    const { errors, firstError } = await runLoad({ ...load, watchMs: 'each-once', pids });
    if (errors > 0) throw new Error(`${errors} keys were not written: ${firstError}`);
  });
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1_000;
}

function keyPath(key: number): string {
  return `/v1/kv/bench/keys/${String(key).padStart(6, '0')}`;
}

const keyCount: Readonly<Record<Effort, number>> = { full: 100_000, quick: 5_000 };
