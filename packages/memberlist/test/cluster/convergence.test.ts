// Whole clusters: they form, and they notice who comes, dies, leaves and comes back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, Cluster, clusterOf } from '../kit/cluster.ts';
import { Member } from '../kit/member.ts';
import { dead } from '../kit/messages.ts';
import { Stranger } from '../kit/stranger.ts';

for (const size of [2, 3, 10, 50]) {
  test(`${size} members that join one seed all know each other, and then it is quiet`, () => {
    const cluster = clusterOf(size, {}, size);
    for (const member of cluster.members) {
      assert.equal(member.list.nodeCount, size);
      assert.equal(member.events.filter((event) => event.startsWith('join')).length, size);
    }
    cluster.world.run(40_000);
    for (const member of cluster.members) {
      assert.deepEqual(member.logged('[ERR]'), []);
      assert.deepEqual(member.logged('Suspect '), []);
      assert.equal(member.refused, 0);
      assert.equal(member.list.healthScore, 0);
      assert.equal(member.list.queuedBroadcasts, 0);
    }
  });
}

test('of ten members two die at once, and all others agree within half a minute', () => {
  const cluster = clusterOf(10);
  const victims = [at(cluster, 3), at(cluster, 7)];
  for (const victim of victims) victim.host.crash();
  const survivors = cluster.members.filter((member) => !victims.includes(member));
  cluster.awaitAgreement(30_000, survivors);
  for (const { events } of survivors) {
    assert.deepEqual(events.filter((event) => event.startsWith('leave')).sort(), ['leave n4', 'leave n8']);
  }
  cluster.world.run(60_000);
  for (const { list } of survivors) assert.equal(list.nodeCount, 8, 'the dead are forgotten');
});

test('[39] a member that was killed and restarted refutes what others remember, and stays', () => {
  const cluster = clusterOf(3);
  const [first, second] = [at(cluster, 0), at(cluster, 1)];
  second.meta = Uint8Array.of(1);
  second.list.updateNode(5_000, () => {});
  cluster.world.run(2_000);
  assert.equal(first.view('n2')?.incarnation, 2);
  second.host.crash();
  cluster.world.run(300);
  const again = new Member(cluster.world, second.host, 'n2').start();
  again.meta = Uint8Array.of(9);
  again.join(first.host.ip);
  cluster.world.run(20_000);
  assert.ok(again.list.localNode.incarnation > 2);
  assert.equal(again.logged('Refuting').length > 0, true);
  cluster.awaitAgreement(1, [first, again, at(cluster, 2)]);
  assert.equal(first.events.includes('leave n2'), false);
});

test('a member that was dead and comes back joins again', () => {
  const cluster = clusterOf(3);
  const [first, second] = [at(cluster, 0), at(cluster, 1)];
  second.host.crash();
  assert.ok(cluster.world.runUntil(() => first.view('n2')?.state === 'dead', 30_000));
  const again = new Member(cluster.world, second.host, 'n2').start();
  assert.equal(again.join(first.host.ip).joined, 1);
  cluster.awaitAgreement(10_000, [first, again, at(cluster, 2)]);
  assert.deepEqual(first.events.slice(-2), ['leave n2', 'join n2']);
});

test('[41] a member that left comes back from another machine at once', () => {
  const cluster = clusterOf(2);
  const [first, second] = [at(cluster, 0), at(cluster, 1)];
  second.leave();
  second.list.shutdown();
  cluster.world.run(1_000);
  const moved = new Member(cluster.world, cluster.world.host('10.0.0.200'), 'n2').start();
  moved.join(first.host.ip);
  cluster.awaitAgreement(5_000, [first, moved]);
  assert.equal(first.view('n2')?.host, '10.0.0.200');
});

test('[45] two members of one name: the second is a conflict for all and changes nothing', () => {
  const cluster = clusterOf(2);
  const [first, second] = [at(cluster, 0), at(cluster, 1)];
  const impostor = new Member(cluster.world, cluster.world.host('10.0.0.200'), 'n2').start();
  impostor.join(first.host.ip);
  cluster.world.run(1_000);
  assert.equal(first.view('n2')?.host, second.host.ip);
  assert.ok(first.events.includes('conflict n2'));
  assert.ok(impostor.events.includes('conflict n2'));
  assert.equal(
    first.logged('Conflicting')[0],
    '[ERR] memberlist: Conflicting address for n2. Mine: 10.0.0.2:7946 Theirs: 10.0.0.200:7946 Old state: 0',
  );
});

test('both halves of a split cluster go on, and are one again after it has healed', () => {
  const cluster = clusterOf(6, { config: { pushPullIntervalMs: 5_000 } });
  const hosts = cluster.members.map(({ host }) => host);
  const heal = cluster.world.network.partition(hosts.slice(0, 3));
  cluster.awaitAgreement(40_000, cluster.members.slice(0, 3));
  cluster.awaitAgreement(40_000, cluster.members.slice(3));
  heal();
  at(cluster, 0).join(at(cluster, 5).host.ip);
  cluster.awaitAgreement(20_000);
});

test('with a fifth of all packets lost nobody is taken for dead', () => {
  for (let seed = 1; seed <= 3; seed++) {
    const cluster = clusterOf(8, {}, seed);
    let sent = 0;
    cluster.world.network.dropPackets(() => sent++ % 5 === seed % 5);
    cluster.world.run(120_000);
    cluster.awaitAgreement(1);
    for (const { events } of cluster.members)
      assert.deepEqual(
        events.filter((event) => event.startsWith('leave')),
        [],
      );
  }
});

test('a forged death or goodbye, told to everybody else, is undone within seconds', () => {
  for (const liar of ['liar', 'n2']) {
    const cluster = clusterOf(5);
    cluster.world.run(10_000);
    const stranger = new Stranger(cluster.world, '10.9.9.9');
    const others = cluster.members.filter(({ name }) => name !== 'n2');
    for (const { address } of others) stranger.send(dead('n2', 1, liar), address);
    cluster.world.run(10);
    assert.equal(at(cluster, 0).view('n2')?.state, liar === 'n2' ? 'left' : 'dead');
    cluster.awaitAgreement(8_000);
    assert.equal(at(cluster, 0).view('n2')?.incarnation, 2);
  }
});

test('a cluster on IPv6 forms and notices a death', () => {
  const cluster = new Cluster();
  const members = ['2001:db8::1', '2001:db8::2', '2001:db8::3'].map((ip, index) =>
    new Member(cluster.world, cluster.world.host(ip), `v${index + 1}`).start(),
  );
  const [first, second, third] = members;
  assert.ok(first && second && third);
  assert.equal(second.join('2001:db8::1').joined, 1);
  assert.equal(third.join('[2001:db8::1]:7946').joined, 1);
  cluster.awaitAgreement(5_000, members);
  cluster.world.run(10_000);
  assert.deepEqual(
    members.flatMap((member) => member.logged('Suspect ')),
    [],
  );
  third.host.crash();
  cluster.awaitAgreement(20_000, [first, second]);
});

test('the same seed gives the same run, another seed another one', () => {
  const logOf = (seed: number) => {
    const cluster = clusterOf(5, {}, seed);
    at(cluster, 4).host.crash();
    cluster.world.run(20_000);
    return cluster.members.flatMap(({ host }) => host.logLines).join('\n');
  };
  assert.equal(logOf(1), logOf(1));
  assert.notEqual(logOf(1), logOf(2));
});
