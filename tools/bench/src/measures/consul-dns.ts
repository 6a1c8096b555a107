// How fast DNS tells where a service is.

import { registerInstances } from '../consul/instances.ts';
import { withServers } from '../consul/servers.ts';
import { loadFigures, loadValues } from '../load/load-figures.ts';
import { dnsQuery } from '../load/requests.ts';
import type { Effort, Measure } from '../measure.ts';

const loads = [
  { instances: 3, ratio: 2 },
  { instances: 50, ratio: 8 },
].flatMap((load) =>
  (['A', 'SRV'] as const).map((type) => ({
    ...load,
    type,
    title: `DNS ${type} of ${load.instances} instances`,
  })),
);

/** The measure. */
export const consulDns: Measure = {
  name: 'consul-dns',
  method: [
    'One server; a service is asked for over UDP, without EDNS, by one socket with 64 queries under way:',
    '1 s that does not count, then 3 s. Goals are promised for A and held to for SRV, too.',
  ].join(' '),
  figures: loadFigures(loads),
  rounds: 3,
  run: (program, effort, say) =>
    withServers(program, { count: 1 }, async (servers) => {
      const { first, pids } = servers;
      const values: Record<string, number> = {};
      for (const { instances, type, title } of loads) {
        const name = `${await registerInstances(first, instances)}.service.consul`;
        const load = {
          protocol: 'dns',
          host: first.host,
          port: 8600,
          underWay: 64,
          ...lengths[effort],
        } as const;
        const job = { ...load, requests: [dnsQuery(name, type)], pids };
        Object.assign(values, await loadValues(title, job, say));
      }
      return values;
    }),
};

const lengths: Readonly<Record<Effort, { warmUpMs: number; watchMs: number }>> = {
  full: { warmUpMs: 1_000, watchMs: 3_000 },
  quick: { warmUpMs: 200, watchMs: 500 },
};
