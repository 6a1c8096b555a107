// A member that hears nobody at all takes that for its own fault, for a while.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanProfile, type MemberlistConfig } from '@reeve/memberlist';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { Silence } from '../../dist/core/silence.js';
import { at, type Cluster, clusterOf } from '../kit/cluster.ts';
import type { Member } from '../kit/member.ts';
import { suspect } from '../kit/messages.ts';
import { Stranger } from '../kit/stranger.ts';

/** Members that have settled, of which the first is about to hear nobody. */
function settled(count: number, config: Partial<MemberlistConfig> = {}): Cluster {
  const cluster = clusterOf(count, { config });
  cluster.world.run(5_000);
  return cluster;
}

/** Settings without the rule. */
const believing: Partial<MemberlistConfig> = {
  lifeguard: { ...lanProfile('').lifeguard, silence: false },
};

function departures({ events }: Member): string[] {
  return events.filter((event) => event.startsWith('leave'));
}

test('who hears nobody suspects nobody after three rounds, and probes more slowly', () => {
  const cluster = settled(5);
  const first = at(cluster, 0);
  first.host.blockMessages(20_000);
  cluster.world.run(3_000);
  const suspectedSoon = first.logged('Suspect ').length;
  cluster.world.run(16_900);
  assert.equal(first.logged('Suspect ').length, suspectedSoon);
  assert.ok(suspectedSoon <= 2, `${suspectedSoon} suspected within three rounds`);
  assert.ok(first.logged('nobody else was heard either').length > 0);
  assert.ok(first.list.healthScore > 0);
  cluster.world.run(30_000);
  assert.deepEqual(departures(first), []);
  cluster.awaitAgreement(1);
});

/**
 * A member that is told that another is suspected by many, and then hears nothing of the refutation. Of six:
 * before it doubts itself it may suspect one more, and three others have to be left.
 */
function deafenedAccuser(config: Partial<MemberlistConfig>): { cluster: Cluster; accuser: Member } {
  const cluster = settled(6, { pushPullIntervalMs: 0, ...config });
  const accuser = at(cluster, 0);
  const stranger = new Stranger(cluster.world, '10.9.9.9');
  for (const from of ['n3', 'n4', 'n5']) stranger.send(suspect('n2', 1, from), accuser.address);
  cluster.world.run(2);
  assert.equal(accuser.view('n2')?.state, 'suspect');
  accuser.host.blockMessages(15_000);
  return { cluster, accuser };
}

test('a suspicion that expires in silence starts over, and the refutation that waits ends it', () => {
  const { cluster, accuser } = deafenedAccuser({});
  cluster.world.run(14_000);
  assert.equal(accuser.view('n2')?.state, 'suspect');
  cluster.world.run(15_000);
  assert.deepEqual(departures(accuser), []);
  assert.equal(accuser.view('n2')?.state, 'alive');
});

test('without the rule that suspicion ends with a death', () => {
  const { cluster, accuser } = deafenedAccuser(believing);
  cluster.world.run(14_000);
  assert.ok(departures(accuser).includes('leave n2'));
});

test('silence that lasts as long as a suspicion may is believed', () => {
  const cluster = settled(5);
  const first = at(cluster, 0);
  cluster.world.network.partition(first.host);
  const areGone = () => departures(first).length === 4;
  assert.ok(!cluster.world.runUntil(areGone, 24_000));
  assert.ok(cluster.world.runUntil(areGone, 120_000));
});

test('two others that fall silent may both be gone', () => {
  const cluster = clusterOf(3);
  cluster.world.run(5_000);
  const first = at(cluster, 0);
  cluster.world.network.partition(first.host);
  assert.ok(cluster.world.runUntil(() => departures(first).length === 2, 13_000));
});

test('who hears others goes on judging: a death among five is noticed as fast as ever', () => {
  const noticedAfterMs = (config: Partial<MemberlistConfig>) => {
    const cluster = settled(5, config);
    const begunAtMs = cluster.world.now;
    at(cluster, 4).host.crash();
    const others = cluster.members.slice(0, 4);
    assert.ok(cluster.world.runUntil(() => others.every((one) => departures(one).length === 1), 60_000));
    return cluster.world.now - begunAtMs;
  };
  assert.equal(noticedAfterMs({}), noticedAfterMs(believing));
});

test('of a long silence one knows afterwards how long it has been over, of a short one not', () => {
  const world = new VirtualWorld({ seed: 1 });
  const silence = new Silence(world.host('10.0.0.1').runtime.clock, 3_000);
  world.run(2_999);
  silence.end();
  world.run(10);
  assert.deepEqual([silence.lastsMs, silence.overMs], [10, Number.POSITIVE_INFINITY]);
  world.run(2_990);
  silence.end();
  world.run(10);
  silence.end();
  world.run(5);
  assert.deepEqual([silence.lastsMs, silence.overMs], [5, 15]);
});
