// Whole servers on virtual machines: gossip, the server port, raft and endpoints together.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cluster } from '../kit/cluster.js';

test('a server that bootstraps alone takes a write within seconds, and is in its own catalog', async () => {
  const cluster = new Cluster();
  const server = await cluster.start('s1', { isBootstrap: true });
  await cluster.until(() => server.context.leadership.isEstablished, 10_000);
  const ask = cluster.ask(server);
  const answer = await ask('PUT /v1/kv/a', '1');
  assert.equal(answer.text, 'true');
  await cluster.until(() => server.consensus.lastLog().index > 4, 5_000);
  const node = await ask('GET /v1/catalog/node/s1');
  assert.match(node.text, /"Service":"consul"/);
});

test('T0-4: three servers with expect 3 elect one leader, and all say the same about it', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  await cluster.until(
    () => new Set(servers.map(({ consensus }) => consensus.leaderAddress)).size === 1,
    5_000,
  );
  const leaders = [];
  const peers = [];
  for (const server of servers) {
    const ask = cluster.ask(server);
    leaders.push((await ask('GET /v1/status/leader')).text);
    peers.push(JSON.parse((await ask('GET /v1/status/peers')).text).sort());
  }
  assert.equal(new Set(leaders).size, 1);
  assert.deepEqual(peers[0], ['10.0.0.1:8300', '10.0.0.2:8300', '10.0.0.3:8300']);
  assert.deepEqual(peers[1], peers[0]);
  assert.deepEqual(peers[2], peers[0]);
});

test('a write at a follower goes to the leader, and is read everywhere', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  const follower = servers.find((server) => !server.consensus.isLeader);
  assert.ok(follower);
  assert.equal((await cluster.ask(follower)('PUT /v1/kv/a', '1')).text, 'true');
  for (const server of servers) {
    const got = await cluster.ask(server)('GET /v1/kv/a?raw');
    assert.equal(got.text, '1');
  }
});

test('T0-5: the leader dies: another leads, has every acknowledged write, takes new ones', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  const leader = servers.find((server) => server.consensus.isLeader);
  assert.ok(leader);
  await cluster.ask(leader)('PUT /v1/kv/kept', 'x');
  cluster.crash(leader);
  const others = servers.filter((server) => server !== leader);
  await cluster.until(() => others.some((server) => server.context.leadership.isEstablished), 30_000);
  const next = others[0];
  assert.ok(next);
  assert.equal((await cluster.ask(next)('GET /v1/kv/kept?raw')).text, 'x');
  assert.equal((await cluster.ask(next)('PUT /v1/kv/new', 'y')).text, 'true');
});

test('T0-6: the quorum is lost: no leader, writes fail after 7 s, stale reads go on', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  const left = servers.find(({ consensus }) => consensus.isLeader);
  const gone = servers.filter((server) => server !== left);
  assert.ok(left);
  await cluster.ask(left)('PUT /v1/kv/a', '1');
  for (const server of gone) cluster.crash(server);
  await cluster.until(() => left.consensus.leaderAddress === '', 30_000);
  const ask = cluster.ask(left);
  assert.equal((await ask('GET /v1/status/leader')).text, '""');
  const written = await ask('PUT /v1/kv/a', '2');
  assert.deepEqual([written.status, written.text], [500, 'No cluster leader']);
  assert.equal((await ask('GET /v1/kv/a?stale&raw')).text, '1');
});

for (const seed of [1, 2, 3]) {
  test(`T0-14: a leader of milliseconds knows all that was written before, seed ${seed}`, async () => {
    const cluster = new Cluster({ seed, writeMsMax: 400 });
    const server = await cluster.start('s1', { isBootstrap: true });
    await cluster.awaitLeader();
    for (let at = 0; at < 3; at++) await cluster.ask(server)(`PUT /v1/kv/key${at}`, 'x');
    await cluster.stop(server);
    const again = await cluster.start('s1', { isBootstrap: true });
    await cluster.until(() => again.consensus.isLeader, 10_000);
    assert.equal(again.context.leadership.isEstablished, false);
    const { status } = await cluster.ask(again)('GET /v1/kv/key2');
    assert.equal(status, 200);
  });
}
