// Servers that leave for good, and what becomes of those that stay. consul.md 8.6.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, noNodesQuery } from '../../dist/rpc/methods/index.js';
import { httpOf } from '../kit/ask-http.js';
import { Cluster, nodeIdOf } from '../kit/cluster.js';

test('T0-29: a leader that leaves takes itself out of raft, and the others go on', async () => {
  const cluster = new Cluster();
  await cluster.startThree();
  const leader = await cluster.awaitLeader();
  const name = cluster.nameOf(leader);
  const others = [...cluster.servers.values()].filter((server) => server !== leader);
  const [one] = others;
  assert.ok(one);
  await cluster.settle(leader.leave());
  await cluster.stop(leader);
  const next = await cluster.awaitLeader();
  assert.ok(next.consensus.servers.every(({ id }) => id !== nodeIdOf(name)));
  assert.equal((await cluster.ask(one)('PUT /v1/kv/a', '1')).text, 'true');
  await cluster.run(1_000);
  assert.equal((await cluster.ask(one)(`GET /v1/catalog/node/${name}`)).text, 'null');
  const member = one.serf.members().find((each) => each.name === name);
  assert.equal(member?.status, 'left');
});

test('T0-29: a follower that leaves is out of raft when it stops, and no longer in the catalog', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  const leader = await cluster.awaitLeader();
  const follower = servers.find((server) => server !== leader);
  assert.ok(follower);
  const name = cluster.nameOf(follower);
  await cluster.settle(follower.leave());
  assert.deepEqual(
    follower.consensus.servers.map(({ id }) => id),
    leader.consensus.servers.map(({ id }) => id),
  );
  assert.equal(leader.consensus.servers.length, 2);
  await cluster.stop(follower);
  assert.equal((await cluster.ask(leader)(`GET /v1/catalog/node/${name}`)).text, 'null');
});

test('T0-29: who left does not rejoin by what it remembers; who only stopped does', async () => {
  const cluster = new Cluster();
  await cluster.startThree();
  const leader = await cluster.awaitLeader();
  const [leaving, stopping] = [...cluster.servers.values()].filter((server) => server !== leader);
  assert.ok(leaving && stopping);
  const [left, stopped] = [cluster.nameOf(leaving), cluster.nameOf(stopping)];
  await cluster.settle(leaving.leave());
  await cluster.stop(leaving);
  await cluster.stop(stopping);
  const back = await cluster.start(left);
  const again = await cluster.start(stopped);
  await cluster.until(() => again.serf.members().length > 1, 30_000);
  await cluster.run(5_000);
  assert.deepEqual(
    back.serf.members().map((member) => member.name),
    [left],
  );
});

test('a server that is alone leaves without waiting for anybody to remove it', async () => {
  const cluster = new Cluster();
  const server = await cluster.start('s1', { isBootstrap: true });
  await cluster.awaitLeader();
  await cluster.settle(server.leave());
  assert.equal(server.consensus.servers.length, 1);
});

test('T0-29: a server that has left refuses what a leader would answer while it drains', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  const leader = await cluster.awaitLeader();
  const follower = servers.find((server) => server !== leader);
  assert.ok(follower);
  const leaving = follower.leave();
  await cluster.until(() => follower.context.leaving.aborted, 10_000);
  const ask = cluster.ask(follower);
  assert.deepEqual(pick(await ask('GET /v1/kv/a')), [500, 'No cluster leader']);
  assert.deepEqual(pick(await ask('PUT /v1/kv/a', '1')), [500, 'No cluster leader']);
  assert.equal((await ask('GET /v1/kv/a?stale')).status, 404);
  const others = leader.context.callerAt(`10.0.0.${cluster.nameOf(follower).slice(1)}:8300`);
  const asked = others.call(catalog.listNodes, { ...noNodesQuery, filter: '' });
  await assert.rejects(cluster.settle(Promise.resolve(asked)), /No cluster leader$/);
  await cluster.settle(leaving);
});

test('T0-29: a server that is stopped while it drains waits no longer', async () => {
  const cluster = new Cluster();
  const server = await cluster.start('s1', { isBootstrap: true });
  await cluster.awaitLeader();
  const leaving = server.leave();
  await cluster.until(() => server.context.leaving.aborted, 10_000);
  const before = cluster.world.now;
  await cluster.stop(server);
  await cluster.settle(leaving);
  assert.ok(cluster.world.now - before < 1_000);
});

test('who waits for a leader waits no longer when the server is stopped', async () => {
  const cluster = new Cluster();
  const server = await cluster.start('s1', { bootstrapExpect: 3 });
  const written = httpOf(server.caller)('PUT /v1/kv/a', '1');
  await cluster.run(100);
  const before = cluster.world.now;
  await cluster.stop(server);
  assert.deepEqual(pick(await cluster.settle(written)), [500, 'No cluster leader']);
  assert.ok(cluster.world.now - before < 1_000);
});

function pick({ status, text }: { readonly status: number; readonly text: string }) {
  return [status, text];
}
