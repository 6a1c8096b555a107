// How fast the healthy instances of a service are listed, the question clients ask most.

import { registerInstances } from '../consul/instances.ts';
import { withServers } from '../consul/servers.ts';
import { loadFigures, loadValues } from '../load/load-figures.ts';
import { getRequest } from '../load/requests.ts';
import type { Effort, Measure } from '../measure.ts';

const loads = [
  { instances: 10, ratio: 4 },
  { instances: 100, ratio: 15 },
].map((load) => ({ ...load, title: `health of ${load.instances} instances` }));

/** The measure. */
export const consulHealth: Measure = {
  name: 'consul-health',
  method: [
    'One server; the instances of a service that pass are asked for over HTTP on 64 connections: 1 s that',
    'does not count, then 3 s. Each instance is on a node of its own and has a check.',
  ].join(' '),
  figures: loadFigures(loads),
  rounds: 3,
  run: (program, effort, say) =>
    withServers(program, { count: 1 }, async (servers) => {
      const { host } = servers.first;
      const values: Record<string, number> = {};
      for (const { instances, title } of loads) {
        const path = `/v1/health/service/${await registerInstances(servers.first, instances)}?passing`;
        const found = (await servers.first.json(path)) as readonly unknown[];
        if (found.length !== instances) throw new Error(`${path}: ${found.length} instances`);
        const load = { protocol: 'http', host, port: 8500, underWay: 64, ...lengths[effort] } as const;
        const job = { ...load, requests: [getRequest(host, path)], pids: servers.pids };
        Object.assign(values, await loadValues(title, job, say));
      }
      return values;
    }),
};

const lengths: Readonly<Record<Effort, { warmUpMs: number; watchMs: number }>> = {
  full: { warmUpMs: 1_000, watchMs: 3_000 },
  quick: { warmUpMs: 200, watchMs: 500 },
};
