// How many requests a client gets answered on one connection.

import { RpcConnection, rpcBody } from '@reeve/interop';
import { startMembers, withCluster } from '../clusters.ts';
import type { Effort, Measure } from '../measure.ts';

/** The measure. */
export const rpc: Measure = {
  name: 'rpc',
  method: [
    'An agent of a cluster of three is asked on one connection, 16 requests under way at any time, for',
    '1.5 s a command, after half a second of the same.',
  ].join(' '),
  figures: {
    members: { title: 'RPC `members`', unit: '/s', better: 'higher', goal: { ratio: 1 } },
    stats: { title: 'RPC `stats`', unit: '/s', better: 'higher', goal: { ratio: 1 } },
    event: { title: 'RPC `event`', unit: '/s', better: 'higher', goal: { ratio: 1 } },
  },
  rounds: 3,
  run: (program, effort) =>
    withCluster(async (cluster) => {
      const [agent] = await startMembers(cluster, program, 3);
      if (agent === undefined) throw new Error('a cluster has agents');
      const connection = await RpcConnection.open(agent);
      const rateOf = async (ask: () => Promise<unknown>): Promise<number> => {
        await answersIn(warmUpMs, ask);
        return (1_000 * (await answersIn(watchMs[effort], ask))) / watchMs[effort];
      };
      const event = rpcBody.event('bench', new Uint8Array(8), false);
      return {
        members: await rateOf(() => connection.request('members', 'body')),
        stats: await rateOf(() => connection.request('stats', 'body')),
        event: await rateOf(() => connection.request('event', 'header', event)),
      };
    }),
};

/** How often `ask` is answered, with several under way. */
async function answersIn(forMs: number, ask: () => Promise<unknown>): Promise<number> {
  const endMs = performance.now() + forMs;
  let answers = 0;
  const askOn = async (): Promise<void> => {
    for (; performance.now() < endMs; answers++) await ask();
  };
  await Promise.all(Array.from({ length: underWay }, askOn));
  return answers;
}

const underWay = 16;
const warmUpMs = 500;
const watchMs: Readonly<Record<Effort, number>> = { full: 1_500, quick: 1_000 };
