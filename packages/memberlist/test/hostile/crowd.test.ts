// Thousands of members that somebody has made up must not keep the real ones from each other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Cluster, clusterOf } from '../kit/cluster.ts';
import type { MemberOptions } from '../kit/member.ts';
import { alive } from '../kit/messages.ts';
import { addressBytes } from '../kit/scene.ts';
import { Stranger } from '../kit/stranger.ts';

/** Three members who know each other, and a thousand names that nobody has. */
function crowdedCluster(options: MemberOptions = {}): Cluster {
  const cluster = clusterOf(3, options);
  cluster.world.run(10_000); // they have met
  const liar = new Stranger(cluster.world, '10.9.9.9');
  for (let i = 0; i < 1_000; i++) {
    liar.send(alive(`made-up-${i}`, 1, { address: addressBytes('10.8.8.8') }), at(cluster, 0).address);
    if (i % 50 === 0) cluster.world.run(1);
  }
  cluster.world.run(5);
  assert.equal(at(cluster, 0).memberNames.length, 1_003);
  return cluster;
}

test('in a crowd of made-up members real ones hear each other’s news within seconds', () => {
  const cluster = crowdedCluster();
  const [teller, ...others] = cluster.members;
  assert.ok(teller);
  const hears = (news: number) => others.every((member) => member.view(teller.name)?.meta[0] === news);
  for (let news = 1; news <= 10; news++) {
    teller.meta = Uint8Array.of(news);
    teller.list.updateNode(60_000, () => {});
    assert.ok(
      cluster.world.runUntil(() => hears(news), 15_000),
      `${news} of 10`,
    );
  }
});

test('while thousands of broadcasts about members wait, those of the layer above do not', () => {
  let isSaying = false;
  const message = new Uint8Array(300);
  const takeBroadcasts = (overheadBytes: number, limitBytes: number) =>
    isSaying && overheadBytes + message.length <= limitBytes ? [message] : [];
  const cluster = crowdedCluster({ delegate: { takeBroadcasts } });
  assert.ok(at(cluster, 0).list.queuedBroadcasts > 500);
  isSaying = true;
  const isTold = () => at(cluster, 1).userMessages.length > 0;
  assert.ok(cluster.world.runUntil(isTold, 2_000));
});

test('in a crowd of made-up members a real death is noticed, and nobody doubts its own health', () => {
  const cluster = crowdedCluster();
  const [watcher, victim] = [at(cluster, 0), at(cluster, 1)];
  cluster.world.run(30_000);
  assert.ok(watcher.list.healthScore <= 1, `${watcher.list.healthScore}`);
  victim.host.crash();
  // Three members, each probed every other second, and the suspicion among a thousand, 12 to 72 s.
  assert.ok(cluster.world.runUntil(() => watcher.view(victim.name)?.state === 'dead', 90_000));
});
