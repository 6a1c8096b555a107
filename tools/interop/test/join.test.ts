// Real agents and ours in one cluster: everybody joins somebody of the other kind and knows everything about
// all.

import { deepEqual, equal } from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Agent,
  allAlive,
  Cluster,
  eventually,
  expectStatuses,
  type Member,
  peersMissing,
  reeve,
  serf094,
  serf0101,
  startMixedCluster,
} from '@reeve/interop';

describe('joining', { skip: peersMissing(), concurrency: true }, () => {
  test('[31] [32] three real agents and three of ours see each other alive with all tags', async (t) => {
    const cluster = await Cluster.of(t);
    const { all } = await startMixedCluster(cluster, (name, index) => tagFlags(tagsOf(name, index)));
    const expected = all.map((agent, index) => memberOf(agent, tagsOf(agent.name, index)));
    for (const agent of all) {
      await eventually(`${agent.name} knows all tags`, async () =>
        deepEqual(sorted(await agent.members()), sorted(expected)),
      );
    }
  });

  test('[32] two clusters become one when any member of one joins any member of the other', async (t) => {
    const cluster = await Cluster.of(t);
    const ours1 = await cluster.start(reeve, 'ours1');
    const ours2 = await cluster.start(reeve, 'ours2', `-join=${ours1.gossip}`);
    const real1 = await cluster.start(serf094, 'real1');
    const real2 = await cluster.start(serf0101, 'real2', `-join=${real1.gossip}`);
    const { stdout } = await ours2.serf('join', real2.gossip);
    equal(stdout, 'Successfully joined cluster by contacting 1 nodes.\n');
    const all = [ours1, ours2, real1, real2];
    await expectStatuses(all, allAlive(all));
  });

  test('changed tags reach everybody', async (t) => {
    const cluster = await Cluster.of(t);
    const ours = await cluster.start(reeve, 'ours', '-tag=role=web', '-tag=dc=east');
    const real = await cluster.start(serf094, 'real', `-join=${ours.gossip}`, '-tag=role=lb');
    await ours.serf('tags', '-set', 'role=db', '-set', 'new=ü', '-delete', 'dc');
    await real.serf('tags', '-delete', 'role');
    for (const agent of [ours, real]) {
      await eventually(`${agent.name} knows the new tags`, async () => {
        const tags = Object.fromEntries((await agent.members()).map((member) => [member.name, member.tags]));
        deepEqual(tags, { ours: { role: 'db', new: 'ü' }, real: {} });
      });
    }
  });

  for (const [title, program] of [
    ['[32] a real agent that joins with -replay gets', serf0101],
    ['ours that joins with -replay gets', reeve],
  ] as const) {
    test(`${title} the events of before, in their order`, async (t) => {
      const cluster = await Cluster.of(t);
      const other = program === reeve ? serf094 : reeve;
      const first = await cluster.start(other, 'first');
      for (const name of ['one', 'two', 'three']) await first.serf('event', '-coalesce=false', name);
      const late = await cluster.start(program, 'late', `-join=${first.gossip}`, '-replay');
      await eventually('the events are replayed', () =>
        deepEqual(
          [...late.output.matchAll(/Received event: user-event: (\w+)/g)].map(([, name]) => name),
          ['one', 'two', 'three'],
        ),
      );
    });
  }
});

/**
 * Tags that could trip an encoder: none, many, empty, not ASCII, and lengths where msgpack changes its form.
 */
function tagsOf(name: string, index: number): Record<string, string> {
  const sets: Record<string, string>[] = [
    { role: 'web', dc: 'east' },
    {},
    { empty: '', ünïcode: 'Grüße 東京' },
    { short: 'x'.repeat(31), long: 'y'.repeat(32), longer: 'z'.repeat(260) },
    Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`tag${i}`, String(i)])),
    { owner: name, equals: 'a=b=c' },
  ];
  return sets[index % sets.length] ?? {};
}

function tagFlags(tags: Readonly<Record<string, string>>): string[] {
  return Object.entries(tags).map(([key, value]) => `-tag=${key}=${value}`);
}

function memberOf({ name, gossip }: Agent, tags: Readonly<Record<string, string>>): Member {
  const port = Number(gossip.split(':')[1]);
  return { name, addr: gossip, port, tags, status: 'alive', protocol: { max: 5, min: 2, version: 5 } };
}

function sorted(members: readonly Member[]): Member[] {
  return members.toSorted((a, b) => a.name.localeCompare(b.name));
}
