// Failure detection: who is probed, by what means, and what a failed probe leads to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint } from '@reeve/runtime';
import { at, type Cluster, clusterOf } from '../kit/cluster.ts';
import type { Member } from '../kit/member.ts';
import { alive, bodiesOf, compound, messagesIn, pingsIn, suspectsIn } from '../kit/messages.ts';
import { addressBytes, Scene } from '../kit/scene.ts';

/** Every packet sent in the cluster from now on. */
function watch(cluster: Cluster): { packet: Uint8Array; from: Endpoint; to: Endpoint }[] {
  const seen: { packet: Uint8Array; from: Endpoint; to: Endpoint }[] = [];
  cluster.world.network.onPacket((packet, from, to) => seen.push({ packet, from, to }));
  return seen;
}

function plainCluster(count: number, config: Partial<Member['config']> = {}): Cluster {
  return clusterOf(count, { config: { compression: false, ...config } });
}

test('every other member is probed once in n - 1 intervals, and oneself never', () => {
  const cluster = plainCluster(5);
  cluster.world.run(5_000);
  const seen = watch(cluster);
  cluster.world.run(20_000);
  const first = at(cluster, 0);
  const probed = seen
    .filter(({ from }) => from.host === first.host.ip)
    .flatMap(({ packet }) => pingsIn([packet]));
  const times = (name: string) => probed.filter(({ node }) => node === name).length;
  for (const member of cluster.members.slice(1)) assert.ok(times(member.name) >= 4, `${times(member.name)}`);
  assert.equal(times(first.name), 0);
  assert.ok(probed.length >= 19 && probed.length <= 21);
});

test('a probe measures the round trip and brings back what the answer carries', () => {
  const cluster = clusterOf(2, { delegate: { ackPayload: () => Uint8Array.of(1, 2, 3) } });
  cluster.world.run(2_000);
  const [ping] = at(cluster, 0).pings;
  assert.equal(ping?.node, 'n2');
  assert.ok(ping.rttMs >= 2 && ping.rttMs <= 3, `${ping.rttMs} ms`);
  assert.deepEqual(ping.payload, Uint8Array.of(1, 2, 3));
});

test('[37] a killed member is suspected by the first failed probe, and failed 4 s later, not before', () => {
  for (const size of [2, 3]) {
    const cluster = clusterOf(size);
    const [victim, ...others] = [...cluster.members].reverse();
    assert.ok(victim);
    victim.host.crash();
    const observer = others[0] ?? assert.fail();
    const state = () => observer.view(victim.name)?.state;
    assert.ok(cluster.world.runUntil(() => state() === 'suspect', 4_000));
    const suspectedAtMs = cluster.world.now;
    cluster.world.runUntil(() => state() === 'dead', 5_000);
    const suspicionMs = cluster.world.now - suspectedAtMs;
    assert.ok(suspicionMs > 3_990 && suspicionMs < 4_010, `${suspicionMs} ms`);
    assert.equal(observer.events.filter((event) => event === `leave ${victim.name}`).length, 1);
    assert.match(
      observer.logged('Suspect ')[0] ?? '',
      /memberlist: Suspect n\d has failed, no acks received$/,
    );
    assert.match(
      observer.logged('Marking')[0] ?? '',
      /Marking n\d as failed, suspect timeout reached \(0 peer/,
    );
  }
});

test('after half a second without an answer three others are asked to ping', () => {
  const cluster = plainCluster(6);
  cluster.world.run(2_000);
  const victim = at(cluster, 5);
  victim.host.crash();
  const seen = watch(cluster);
  cluster.world.run(3_000);
  const requests = seen.flatMap(({ packet, from }) =>
    bodiesOf('indirectPing', [packet]).map(() => from.host),
  );
  assert.ok(requests.length > 0);
  for (const { host } of cluster.members) {
    assert.equal(requests.filter((from) => from === host.ip).length % 3, 0);
  }
});

test('a member whose packets reach only the others stays alive', () => {
  const cluster = clusterOf(4);
  const [one, two] = [at(cluster, 0), at(cluster, 1)];
  const apart = (a: Endpoint, b: Endpoint) => a.host === one.host.ip && b.host === two.host.ip;
  cluster.world.network.dropPackets((_, from, to) => apart(from, to) || apart(to, from));
  cluster.world.run(20_000);
  assert.ok(one.logged('Failed ping: n2 (timeout reached)').length > 0);
  assert.deepEqual(one.logged('Suspect n2'), []);
  cluster.awaitAgreement(1);
});

test('[42] a member that answers only streams stays alive, with a warning', () => {
  const cluster = clusterOf(2);
  at(cluster, 1).host.blockPackets();
  cluster.world.run(20_000);
  const first = at(cluster, 0);
  assert.deepEqual(first.memberNames, ['n1', 'n2']);
  assert.ok(first.logged('Was able').length > 5);
  assert.equal(
    first.logged('Was able')[0],
    '[WARN] memberlist: Was able to connect to n2 but other probes failed, network may be misconfigured',
  );
  assert.equal(first.list.healthScore, 0);
});

test('without stream pings such a member fails', () => {
  const cluster = clusterOf(2, { config: { disableStreamPings: true, pushPullIntervalMs: 0 } });
  at(cluster, 1).host.blockPackets();
  cluster.world.run(10_000);
  assert.equal(at(cluster, 0).view('n2')?.state, 'dead');
});

test('a stream ping is only tried with those who understand it', () => {
  const dialled = (pMax: number) => {
    const scene = new Scene();
    let dials = 0;
    scene.world.network.onStreamBytes(() => dials++);
    scene.world.host('10.9.9.9').runtime.network.listen(
      { host: '10.9.9.9', port: 7946 },
      () => ({ onData: () => {}, onEnd: () => {}, onClosed: () => {} }),
      () => {},
    );
    scene.introduce('s', { versions: Uint8Array.of(1, pMax, 2, 0, 0, 0) });
    scene.world.run(3_000);
    return dials > 0;
  };
  assert.deepEqual([2, 3].map(dialled), [false, true]);
});

test('a nack is only wanted of those who understand it', () => {
  const wanted = (pMax: number) => {
    const scene = new Scene();
    scene.stranger.answersPings = true;
    scene.introduce('helper', { versions: Uint8Array.of(1, pMax, 2, 0, 0, 0) });
    scene.tell(alive('victim', 1, { address: addressBytes('10.8.8.8') }));
    scene.world.run(3_000);
    const requests = bodiesOf('indirectPing', scene.stranger.packets);
    assert.ok(requests.length > 0);
    return requests.every((body) =>
      Buffer.from(body).includes(Buffer.from([0xa4, 0x4e, 0x61, 0x63, 0x6b, 0xc3])),
    );
  };
  assert.deepEqual([3, 4].map(wanted), [false, true]);
});

test('[43] without helpers every failed probe is a sign of bad health, and every success of good', () => {
  const cluster = clusterOf(2, { config: { disableStreamPings: true, suspicionMult: 60 } });
  const [first, second] = [at(cluster, 0), at(cluster, 1)];
  second.host.blockPackets();
  assert.ok(cluster.world.runUntil(() => first.list.healthScore === 3, 60_000));
  second.host.unblockPackets();
  assert.ok(cluster.world.runUntil(() => first.list.healthScore === 0, 60_000));
  assert.equal(first.host.gauges.get('memberlist.health.score'), 0);
});

test('[43] with helpers that nack, a failed probe says nothing about our own health', () => {
  // In upstream's profiles a nack takes as long as the probe has left, and comes a little late.
  const cluster = clusterOf(4, { config: { probeTimeoutMs: 300 } });
  at(cluster, 3).host.crash();
  cluster.world.run(3_500);
  assert.ok(at(cluster, 0).view('n4')?.state !== 'alive');
  for (const member of cluster.members.slice(0, 3)) assert.equal(member.list.healthScore, 0);
});

test('[43] helpers that keep silent are held against ourselves', () => {
  const cluster = clusterOf(5, { config: { disableStreamPings: true } });
  const first = at(cluster, 0);
  first.host.blockPackets();
  cluster.world.run(1_700);
  assert.ok(first.list.healthScore >= 3, `${first.list.healthScore}`);
});

test('bad health slows probing down, eightfold at most', () => {
  const scene = new Scene({ config: { disableStreamPings: true, suspicionMult: 60 } });
  scene.introduce('s');
  scene.world.run(60_000);
  const roundsMs = scene.node.host.samples.get('memberlist.probeNode')?.map(Math.round) ?? [];
  assert.deepEqual(roundsMs.slice(0, 9), [1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 8_000]);
  assert.equal(scene.node.list.healthScore, 7);
});

test('[18] a suspect is told so with its next ping, behind a checksum; the living get bare pings', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.stranger.hearOut(scene.node);
  const [first] = scene.listen(1_500).filter((packet) => pingsIn([packet]).length > 0);
  assert.equal(first?.[0], 0);
  const [next] = scene
    .listen(1_500)
    .filter((packet) => suspectsIn([packet]).length > 0 && pingsIn([packet]).length > 0);
  assert.equal(next?.[0], 12);
  assert.deepEqual(
    messagesIn(next ?? assert.fail()).map(([type]) => type),
    [0, 3],
  );
  assert.deepEqual(suspectsIn([next])[0], { node: 's', incarnation: 1, from: 'n1' });
});

test('news that arrive during a probe do not change what is suspected', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.world.runUntil(() => pingsIn(scene.stranger.packets).some(({ node }) => node === 's'), 2_000);
  scene.tell(alive('s', 2));
  scene.world.run(1_000);
  assert.equal(scene.node.view('s')?.state, 'alive', 'the failed probe was of incarnation 1');
});

test('a ping that cannot be sent goes on with the helpers at once', () => {
  const scene = new Scene({ config: { suspicionMult: 60 } });
  scene.stranger.answersPings = true;
  scene.introduce('helper');
  scene.tell(alive('x', 1, { address: addressBytes('2001:db8::1') }));
  scene.world.run(8_000);
  assert.match(
    scene.node.logged('Failed to send ping')[0] ?? '',
    /Failed to send ping: write udp 10\.0\.0\.1:7946->\[2001:db8::1\]:7946: /,
  );
  assert.deepEqual(scene.node.logged('Failed ping: x'), []);
  assert.ok(bodiesOf('indirectPing', scene.stranger.packets).length > 0);
  assert.match(
    scene.node.logged('compound ping')[0] ?? '',
    /Failed to send compound ping and suspect message to \[2001:db8::1\]:7946: write udp/,
  );
});

test('an ack that nobody waits for changes nothing', () => {
  const scene = new Scene();
  scene.tell(compound([Uint8Array.of(2, 0x80), Uint8Array.of(11, 0x80)]));
  assert.equal(scene.node.refused, 0);
  assert.equal(scene.node.list.healthScore, 0);
});
