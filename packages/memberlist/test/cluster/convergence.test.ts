// Whole clusters: they form, and they notice who comes, dies, leaves and comes back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterOf } from '../kit/cluster.ts';

for (const size of [2, 3, 10, 50]) {
  test(`${size} members that join one seed all know each other within a minute`, () => {
    const cluster = clusterOf(size, {}, size);
    for (const member of cluster.members) {
      assert.equal(member.list.nodeCount, size);
      assert.deepEqual(member.events.filter((event) => event.startsWith('join')).length, size);
    }
    cluster.world.run(60_000);
    for (const member of cluster.members) {
      assert.deepEqual(member.logged('[ERR]'), []);
      assert.deepEqual(member.logged('Suspect '), []);
      assert.equal(member.list.healthScore, 0);
      assert.equal(member.list.queuedBroadcasts, 0);
    }
  });
}
