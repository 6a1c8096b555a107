// How fast a key is read: the three consistency modes, at the leader and at a follower.

import type { ConsulServer } from '../consul/server.ts';
import { withServers } from '../consul/servers.ts';
import { type LoadRow, loadFigures, loadValues } from '../load/load-figures.ts';
import { getRequest } from '../load/requests.ts';
import type { Effort, Measure } from '../measure.ts';

/** What is asked, where, and on how many connections. */
const loads = (['leader', 'follower'] as const).flatMap((place) =>
  (['default', 'stale', 'consistent'] as const).flatMap((mode) =>
    [1, 16, 64, 128].map((connections) => ({ place, mode, connections, ...rowOf(place, mode, connections) })),
  ),
);

/** The measure. */
export const consulGet: Measure = {
  name: 'consul-get',
  method: [
    'Three servers, a key of 64 bytes read over HTTP/1.1 from one of them, one request under way on each',
    'connection: for each row 1 s of load on 64 connections that does not count, then 2 s.',
  ].join(' '),
  figures: loadFigures(loads),
  rounds: 3,
  run: (program, effort, say) =>
    withServers(program, { count: 3 }, async (servers) => {
      const { leader, followers } = await servers.roles();
      const [follower = leader] = followers;
      await leader.put(keyPath, 'v'.repeat(64));
      const values: Record<string, number> = {};
      for (const { place, mode, connections, title } of loads) {
        const server: ConsulServer = place === 'leader' ? leader : follower;
        const path = mode === 'default' ? keyPath : `${keyPath}?${mode}`;
        const job = {
          protocol: 'http',
          host: server.host,
          port: 8500,
          requests: [getRequest(server.host, path)],
          underWay: connections,
          ...lengths[effort],
          pids: servers.pids,
        } as const;
        Object.assign(values, await loadValues(title, job, say));
      }
      return values;
    }),
};

function rowOf(place: 'leader' | 'follower', mode: string, connections: number): LoadRow {
  const title = `GET ${mode}, ${place}, ${connections} conn.`;
  return { title, ratio: place === 'leader' ? 1.5 : 3 };
}

const keyPath = '/v1/kv/bench/key';
const lengths: Readonly<Record<Effort, { warmUpMs: number; watchMs: number }>> = {
  full: { warmUpMs: 1_000, watchMs: 2_000 },
  quick: { warmUpMs: 200, watchMs: 500 },
};
