// mDNS: agents on machines of their own that nobody told of each other, those of both releases with ours.
// A question is one packet and may get lost; then the next search, a minute later, finds them.

import { match } from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  type Agent,
  allAlive,
  Cluster,
  expectStatuses,
  type Program,
  peersMissing,
  programOn,
  reeve,
  serf094,
  serf0101,
} from '@reeve/interop';
import { NamespaceNetwork, namespacesMissing } from '@reeve/namespaces';

describe('discovery', { skip: peersMissing() || namespacesMissing() }, () => {
  for (const [first, second] of [
    [serf094, reeve],
    [serf0101, reeve],
    [reeve, serf094],
    [reeve, serf0101],
  ] as const) {
    test(`[78] ${second.title} discovers ${first.title}`, async (t) => {
      const start = await machines(t, 2);
      const one = await start(first, 'one', '-discover=web');
      const two = await start(second, 'two', '-discover=web');
      await expectStatuses([one, two], allAlive([one, two]));
      match(two.output, /\[INFO\] agent\.mdns: Joined \d hosts/);
    });
  }

  for (const [family, disableOther] of [
    ['IPv4', '-mdns-disable-ipv6'],
    ['IPv6', '-mdns-disable-ipv4'],
  ] as const) {
    // The real ones speak both, since they find nobody where one of the two cannot send.
    test(`[78] over ${family} alone ours discovers a real one, and is discovered by one`, async (t) => {
      const start = await machines(t, 3);
      const first = await start(serf094, 'first', '-discover=web');
      const ours = await start(reeve, 'ours', '-discover=web', disableOther);
      await expectStatuses([first, ours], allAlive([first, ours]));
      await first.kill();
      const last = await start(serf0101, 'last', '-discover=web');
      await expectStatuses([ours, last], { first: 'failed', ours: 'alive', last: 'alive' });
    });
  }

  test('[78] clusters of other names are left alone', async (t) => {
    const start = await machines(t, 3);
    const web = await start(serf094, 'web', '-discover=web');
    const db1 = await start(reeve, 'db1', '-discover=db');
    const db2 = await start(serf0101, 'db2', '-discover=db');
    await expectStatuses([db1, db2], allAlive([db1, db2]));
    await expectStatuses([web], allAlive([web]));
  });
});

/** Makes machines, and returns what starts an agent on the next of them. */
async function machines(
  t: TestContext,
  size: number,
): Promise<(program: Program, name: string, ...flags: string[]) => Promise<Agent>> {
  const network = new NamespaceNetwork(size);
  t.after(() => network.remove());
  const cluster = await Cluster.of(t);
  let machine = 0;
  return (program, name, ...flags) => {
    machine++;
    const place = { gossip: `${network.address(machine)}:7946`, rpc: '127.0.0.1:7373' };
    return cluster.startAt(place, programOn(network, machine, program, cluster.folder), name, ...flags);
  };
}
