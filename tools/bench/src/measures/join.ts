// How long it takes until strangers are one cluster.

import { RpcConnection, rpcBody } from '@reeve/interop';
import { startAgent, startMany, withCluster } from '../clusters.ts';
import type { Effort, Measure } from '../measure.ts';

/** The measure. */
export const join: Measure = {
  name: 'join',
  method: [
    '100 agents run, each alone; then 99 of them are told by RPC, all at once, to join the first; until',
    'each has logged that each of the 100 has joined.',
  ].join(' '),
  figures: { join: { title: 'join of 100 agents', unit: 's', better: 'lower' } },
  rounds: 2,
  run: (program, effort) =>
    withCluster(async (cluster) => {
      const count = agentCount[effort];
      const agents = await startMany(count, (index) =>
        startAgent(cluster, program, `n${index + 1}`, '-log-level=info'),
      );
      const [first, ...others] = agents;
      if (first === undefined) throw new Error('a cluster has agents');
      const connections = await Promise.all(others.map((agent) => RpcConnection.open(agent)));
      const startMs = performance.now();
      const body = rpcBody.join([first.gossip], false);
      const joined = connections.map((connection) => connection.request('join', 'body', body));
      await Promise.all(agents.map((agent) => agent.printed((output) => joinsIn(output) >= count)));
      const tookMs = performance.now() - startMs;
      await Promise.all(joined);
      return { join: tookMs / 1_000 };
    }),
};

function joinsIn(output: string): number {
  return output.split('EventMemberJoin: ').length - 1;
}

const agentCount: Readonly<Record<Effort, number>> = { full: 100, quick: 20 };
