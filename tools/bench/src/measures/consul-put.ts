// How fast a key is written so that it lasts: on the disk of one server, or of two of three.

import type { Program } from '@reeve/interop';
import { withServers } from '../consul/servers.ts';
import { loadFigures, loadValues } from '../load/load-figures.ts';
import { putRequest } from '../load/requests.ts';
import type { Effort, Measure, Say } from '../measure.ts';
import { bytesPerMiB, memoryOf } from '../process-usage.ts';

const clusters = [1, 3] as const;
type ServerCount = (typeof clusters)[number];

/** Of one cluster, in this order. */
const loads = [64, 1_024].flatMap((bytes) => [1, 64].map((connections) => ({ bytes, connections })));

/** The measure. */
export const consulPut: Measure = {
  name: 'consul-put',
  method: [
    'One server, then three, on one disk: PUTs at the leader, over 8,192 keys in turn; for each row 1 s',
    'of load on 64 connections that does not count, then 4 s. Then the memory of the leader, which has',
    'had as many writes as it took.',
  ].join(' '),
  figures: {
    ...loadFigures(clusters.flatMap(rowsOf)),
    ...Object.fromEntries(clusters.flatMap(memoryFigures)),
  },
  rounds: 3,
  run: async (program, effort, say) => {
    const values: Record<string, number> = {};
    for (const count of clusters) Object.assign(values, await measureCluster(program, count, effort, say));
    return values;
  },
};

function measureCluster(
  program: Program,
  count: ServerCount,
  effort: Effort,
  say: Say,
): Promise<Record<string, number>> {
  return withServers(program, { count }, async (servers) => {
    const { leader } = await servers.roles();
    const values: Record<string, number> = {};
    for (const { bytes, connections } of loads) {
      const job = {
        protocol: 'http',
        host: leader.host,
        port: 8500,
        requests: putRequests(leader.host, bytes),
        underWay: connections,
        ...lengths[effort],
        pids: servers.pids,
      } as const;
      Object.assign(values, await loadValues(titleOf(count, bytes, connections), job, say));
    }
    const { residentBytes, proportionalBytes } = memoryOf(leader);
    values[`RSS of ${count}`] = residentBytes / bytesPerMiB;
    values[`PSS of ${count}`] = proportionalBytes / bytesPerMiB;
    return values;
  });
}

/** For all keys, and again with other values, for the same value again would be no change. */
function putRequests(host: string, bytes: number): Uint8Array[] {
  return ['v', 'w'].flatMap((letter) =>
    Array.from({ length: keysMax }, (_, key) =>
      putRequest(host, `/v1/kv/bench/put/${key}`, letter.repeat(bytes)),
    ),
  );
}

function rowsOf(count: ServerCount) {
  return loads.map(({ bytes, connections }) => ({ title: titleOf(count, bytes, connections), ratio: 2 }));
}

function memoryFigures(count: ServerCount) {
  return ['RSS', 'PSS'].map(
    (kind) =>
      [
        `${kind} of ${count}`,
        {
          title: `leader of ${count} after the PUTs, ${kind}`,
          unit: 'MiB',
          better: 'lower',
          goal: { ratio: 0.5 },
        },
      ] as const,
  );
}

function titleOf(count: ServerCount, bytes: number, connections: number): string {
  const size = bytes < 1_024 ? `${bytes} B` : `${bytes / 1_024} KiB`;
  return `PUT ${size}, ${count === 1 ? 'one server' : 'three servers'}, ${connections} conn.`;
}

const keysMax = 8_192;
const lengths: Readonly<Record<Effort, { warmUpMs: number; watchMs: number }>> = {
  full: { warmUpMs: 1_000, watchMs: 4_000 },
  quick: { warmUpMs: 200, watchMs: 500 },
};
