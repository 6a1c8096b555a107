// The many members of `serf swarm` beside a real agent, which takes them for members like any other.

import { equal, ok } from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  allAlive,
  Child,
  Cluster,
  eventually,
  expectStatuses,
  peersMissing,
  reeve,
  serf094,
  serf0101,
} from '@reeve/interop';

describe('a swarm', { skip: peersMissing(), concurrency: true }, () => {
  for (const program of [serf094, serf0101])
    test(`${program.title} joins it, sees all of it, is seen by all, and sees it leave`, async (t) => {
      const cluster = await Cluster.of(t);
      const { swarm, gossip } = startSwarm(t, cluster);
      ok(await swarm.printed((stdout) => stdout.includes(`${size} of ${size} see all`)), swarm.stderr);
      const real = await cluster.start(program, 'real', `-join=${gossip}`);
      await expectStatuses([real], { ...bees('alive'), ...allAlive([real]) });
      ok((await real.members()).every(({ name, tags }) => name === 'real' || tags.role === 'bee'));
      ok(await swarm.printed((stdout) => stdout.includes(`  alive ${size + 1}  failed 0  `)));

      await real.serf('event', 'deploy', 'v1');
      ok(await swarm.printed((stdout) => stdout.includes(`  events ${size}  `)));
      swarm.signal('SIGINT');
      equal((await swarm.ended).exit, 0);
      await eventually('it has seen them leave', async () => {
        const statuses = (await real.members()).map(({ status }) => status);
        equal(statuses.filter((status) => status === 'alive').length, 1);
        // A goodbye is a datagram to some; on a busy machine nobody may be left to pass the last ones on.
        ok(statuses.filter((status) => status === 'left').length >= 0.9 * size);
      });
    });

  test('of members that are acquainted a real agent is told by the first it joins', async (t) => {
    const cluster = await Cluster.of(t);
    const { gossip } = startSwarm(t, cluster, '-acquainted');
    const real = await cluster.start(serf094, 'real', `-retry-join=${gossip}`);
    await expectStatuses([real], { ...bees('alive'), ...allAlive([real]) });
  });

  test('it joins a real agent', async (t) => {
    const cluster = await Cluster.of(t);
    const real = await cluster.start(serf0101, 'real');
    startSwarm(t, cluster, `-join=${real.gossip}`);
    await expectStatuses([real], { ...bees('alive'), ...allAlive([real]) });
  });
});

function startSwarm(
  t: TestContext,
  cluster: Cluster,
  ...flags: readonly string[]
): { readonly swarm: Child; readonly gossip: string } {
  const { gossip } = cluster.nextPlace();
  const identity = ['-node-prefix=bee', '-tag=role=bee'];
  const place = ['-ports', `-bind=${gossip}`];
  const swarm = new Child(reeve.path, [
    'swarm',
    '-interval=200ms',
    ...identity,
    ...place,
    ...flags,
    `${size}`,
  ]);
  t.after(() => swarm.signal('SIGKILL'));
  return { swarm, gossip };
}

function bees(status: string): Record<string, string> {
  const numbers = Array.from({ length: size }, (_, index) => String(index + 1).padStart(2, '0'));
  return Object.fromEntries(numbers.map((number) => [`bee${number}`, status]));
}

const size = 40;
