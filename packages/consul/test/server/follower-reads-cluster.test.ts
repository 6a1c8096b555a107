// Reads at a follower of three whole servers: what it answers itself, and what a new leader says of its log.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '../../dist/rpc/methods/index.js';
import type { ConsulServer } from '../../dist/server/consul-server.js';
import { httpOf } from '../kit/ask-http.js';
import { Cluster } from '../kit/cluster.js';

for (const mode of ['default', 'consistent']) {
  test(`T0-14: a follower answers reads that come together as the leader would, ${mode}`, async () => {
    const { cluster, leader, follower } = await threeServers();
    const path = `GET /v1/kv/k?${mode}`;
    await cluster.ask(leader)('PUT /v1/kv/k', 'first');
    for (const value of ['second', 'third']) {
      await cluster.ask(leader)('PUT /v1/kv/k', value);
      const atOnce = await cluster.settle(readTogether(follower, path));
      await cluster.until(() => follower.consensus.appliedIndex === leader.consensus.appliedIndex, 10_000);
      const before = readsAt(cluster, follower);
      const later = await cluster.settle(readTogether(follower, path));
      assert.equal(readsAt(cluster, follower) - before, later.length);
      const expected = await cluster.ask(leader)(path);
      for (const answer of [...atOnce, ...later]) assert.deepEqual(answer, expected);
    }
  });
}

test('a follower and its leader are a majority of three who vote, and not of four', async () => {
  const { cluster, leader, follower } = await threeServers();
  const isMajority = () => follower.consensus.isMajorityWithLeader;
  assert.ok(isMajority());
  await cluster.settle(leader.consensus.addNonvoter('fourth', '10.9.9.4:8300'));
  await cluster.until(() => follower.consensus.servers.length === 4, 10_000);
  assert.ok(isMajority(), 'who has no vote does not count');
  await cluster.settle(leader.consensus.addVoter('fourth', '10.9.9.4:8300'));
  await cluster.until(() => !isMajority(), 10_000);
});

test('the log of a new leader ends behind everything that was acknowledged before', async () => {
  const cluster = new Cluster({ seed: 9, writeMsMax: 200 });
  await cluster.startThree();
  const old = await cluster.awaitLeader();
  await cluster.run(5_000); // everything else has been written
  assert.equal((await cluster.ask(old)('PUT /v1/kv/k', 'x')).text, 'true');
  const written = old.consensus.appliedIndex;
  cluster.crash(old);
  const next = () => [...cluster.servers.values()].find(({ consensus }) => consensus.isLeader);
  await cluster.until(() => next() !== undefined, 60_000);
  const leader = next();
  assert.ok(leader && leader.consensus.state.commitIndex < written, 'it does not know what is committed');
  const { lastContact, lastIndex } = await leader.caller.call(status.raftStats, {});
  assert.ok(lastContact === '0' && lastIndex >= written, `${lastIndex} < ${written}`);
});

async function threeServers() {
  const cluster = new Cluster();
  await cluster.startThree();
  const leader = await cluster.awaitLeader();
  const follower = [...cluster.servers.values()].find((server) => server !== leader);
  assert.ok(follower);
  return { cluster, leader, follower };
}

function readTogether(server: ConsulServer, request: string) {
  const ask = httpOf(server.caller);
  return Promise.all([ask(request), ask(request), ask(request)]);
}

/** How many reads a follower has answered itself. */
function readsAt(cluster: Cluster, server: ConsulServer): number {
  return cluster.host(cluster.nameOf(server)).counters.get('rpc.follower_reads') ?? 0;
}
