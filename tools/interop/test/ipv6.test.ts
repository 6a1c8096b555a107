// IPv6. Loopback has one address of it, so the agents differ by port.

import { deepEqual } from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import {
  Cluster,
  EventLog,
  eventually,
  expectStatuses,
  type Program,
  peersMissing,
  reeve,
  sendEvent,
  serf094,
  serf0101,
  stdinHex,
} from '@reeve/interop';

const noAddress = (await freePort()) === undefined && 'needs the address ::1';

describe('IPv6', { skip: peersMissing() || noAddress, concurrency: true }, () => {
  for (const [first, second] of [
    [reeve, serf094],
    [serf0101, reeve],
  ] as const) {
    test(`${second.title} joins ${first.title}: tags, events and a crash are seen as on IPv4`, async (t) => {
      const cluster = await Cluster.of(t);
      const log = new EventLog(cluster);
      const start = async (program: Program, name: string, ...flags: string[]) =>
        cluster.startAt(await placeOnIpv6(cluster), program, name, log.flag, ...flags);
      const one = await start(first, 'one', '-tag=a=1');
      const two = await start(second, 'two', '-tag=b=2', `-join=${one.gossip}`);
      for (const agent of [one, two]) {
        await eventually(`${agent.name} knows both`, async () => {
          const shown = (await agent.members()).map(({ name, addr, status, tags }) => [
            name,
            addr,
            status,
            tags,
          ]);
          deepEqual(shown.sort(), [
            ['one', one.gossip, 'alive', { a: '1' }],
            ['two', two.gossip, 'alive', { b: '2' }],
          ]);
        });
      }
      for (const sender of [one, two]) await sendEvent(sender, `from-${sender.name}`, new Uint8Array([0]));
      for (const agent of [one, two]) {
        await eventually(`${agent.name} handled both events`, () =>
          deepEqual(
            log.of(agent).toSorted((a, b) => a.name.localeCompare(b.name)),
            ['from-one', 'from-two'].map((name) => ({
              type: 'user',
              name,
              stdin: stdinHex(new Uint8Array([0])),
            })),
          ),
        );
      }
      await two.kill();
      await expectStatuses([one], { one: 'alive', two: 'failed' });
    });
  }
});

async function placeOnIpv6(cluster: Cluster): Promise<{ gossip: string; rpc: string }> {
  return { gossip: `[::1]:${await freePort()}`, rpc: cluster.nextPlace().rpc };
}

/** A port that nobody on ::1 has at this moment; undefined when there is no ::1. */
function freePort(): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: '::1', port: 0 }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
