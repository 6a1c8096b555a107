// What a leader does: members become nodes, sessions end, tombstones are forgotten.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member } from '@reeve/serf/core';
import { httpOf } from '../kit/ask-http.js';
import { clientMember, serverMember, startLeader } from '../kit/leader.js';

test('a server that is alive becomes a node with serfHealth and the service consul', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1')]);
  const ask = httpOf(leader.server.caller);
  const node = JSON.parse((await ask('GET /v1/catalog/node/s1')).text);
  assert.equal(node.Node.Address, '10.0.0.1');
  assert.equal(node.Services.consul.Port, 8300);
  assert.deepEqual(node.Services.consul.Meta, {
    non_voter: 'false',
    raft_version: '3',
    serf_protocol_current: '2',
    serf_protocol_max: '5',
    serf_protocol_min: '1',
    version: '1.8.7',
  });
  const [check] = JSON.parse((await ask('GET /v1/health/node/s1')).text);
  assert.deepEqual(
    [check.CheckID, check.Name, check.Status, check.Output, check.Type],
    ['serfHealth', 'Serf Health Status', 'passing', 'Agent alive and reachable', ''],
  );
});

test('T0-21: a member that fails is critical and stays in the catalog', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1'), clientMember('c1', '10.0.0.5')]);
  await leader.fate('c1', 'failed');
  const ask = httpOf(leader.server.caller);
  const [check] = JSON.parse((await ask('GET /v1/health/node/c1')).text);
  assert.deepEqual([check.Status, check.Output], ['critical', 'Agent not live or unreachable']);
  assert.match((await ask('GET /v1/catalog/nodes')).text, /"c1"/);
});

test('a member that comes back keeps the metadata of its node', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1'), clientMember('c1', '10.0.0.5')]);
  const ask = httpOf(leader.server.caller);
  const described = { NodeMeta: { rack: '7' }, TaggedAddresses: { lan: '10.0.0.5' } };
  const body = { Node: 'c1', Address: '10.0.0.5', ...described };
  await ask('PUT /v1/catalog/register', JSON.stringify(body));
  await leader.fate('c1', 'failed');
  await leader.fate('c1', 'alive');
  const { Node: node } = JSON.parse((await ask('GET /v1/catalog/node/c1')).text);
  assert.deepEqual([node.Meta, node.TaggedAddresses], [{ rack: '7' }, { lan: '10.0.0.5' }]);
});

test('who fails without ever having been registered is not registered for it', async () => {
  const leader = await startLeader([
    serverMember('s1', '10.0.0.1'),
    clientMember('c1', '10.0.0.5', 'failed'),
  ]);
  assert.doesNotMatch((await httpOf(leader.server.caller)('GET /v1/catalog/nodes')).text, /"c1"/);
});

test('who has left is gone from the catalog, except the leader itself', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1'), clientMember('c1', '10.0.0.5')]);
  await leader.fate('c1', 'left');
  await leader.fate('s1', 'left');
  const nodes = (await httpOf(leader.server.caller)('GET /v1/catalog/nodes')).text;
  assert.doesNotMatch(nodes, /"c1"/);
  assert.match(nodes, /"s1"/);
});

test('a node with serfHealth that gossip has forgotten goes, one registered from outside stays', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1'), clientMember('c1', '10.0.0.5')]);
  const ask = httpOf(leader.server.caller);
  const check = { CheckID: 'http', Name: 'http', Status: 'passing' };
  const outside = { Node: 'ext', Address: '10.9.9.9', Check: check };
  await ask('PUT /v1/catalog/register', JSON.stringify(outside));
  leader.members.splice(1, 1);
  await leader.server.run(61_000);
  const nodes = (await ask('GET /v1/catalog/nodes')).text;
  assert.doesNotMatch(nodes, /"c1"/);
  assert.match(nodes, /"ext"/);
});

test('a server that gossip does not know stays for as long as raft counts it', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1'), serverMember('s2', '10.0.0.2')]);
  const { consensus } = leader.server;
  const peer = () => consensus.servers.find(({ address }) => address === '10.0.0.2:8300');
  const nodes = async () => (await httpOf(leader.server.caller)('GET /v1/catalog/nodes')).text;
  leader.members.splice(1, 1);
  await leader.server.run(121_000); // autopilot finds that no majority would remain
  assert.ok(peer());
  assert.match(await nodes(), /"s2"/);
  await consensus.removeServer(peer()?.id ?? '');
  await leader.server.run(61_000);
  assert.doesNotMatch(await nodes(), /"s2"/);
});

test('a further server becomes a raft peer without a vote, and none when it has left', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1'), serverMember('s2', '10.0.0.2')]);
  const peers = () => leader.server.consensus.servers.map(({ address, isVoter }) => [address, isVoter]);
  assert.deepEqual(peers(), [
    ['10.0.0.1:8300', true],
    ['10.0.0.2:8300', false],
  ]);
  await leader.fate('s2', 'left');
  assert.deepEqual(peers(), [['10.0.0.1:8300', true]]);
});

test('members of another datacenter or of no Consul at all are none of ours', async () => {
  const stranger: Member = { ...clientMember('x', '10.0.0.9'), tags: new Map([['role', 'web']]) };
  const elsewhere: Member = {
    ...clientMember('y', '10.0.0.8'),
    tags: new Map(Object.entries({ role: 'node', dc: 'dc2' })),
  };
  const leader = await startLeader([serverMember('s1', '10.0.0.1'), stranger, elsewhere]);
  const nodes = JSON.parse((await httpOf(leader.server.caller)('GET /v1/catalog/nodes')).text);
  assert.deepEqual(
    nodes.map(({ Node }: { Node: string }) => Node),
    ['s1'],
  );
});

test('T0-15: a session ends when nobody renewed it for twice its TTL', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1')]);
  const ask = httpOf(leader.server.caller);
  const { ID: id } = JSON.parse((await ask('PUT /v1/session/create', '{"TTL":"10s","Node":"s1"}')).text);
  await leader.server.run(19_900);
  assert.notEqual((await ask(`GET /v1/session/info/${id}`)).text, '[]');
  await ask(`PUT /v1/session/renew/${id}`);
  await leader.server.run(19_900);
  assert.notEqual((await ask(`GET /v1/session/info/${id}`)).text, '[]');
  await leader.server.run(200);
  assert.equal((await ask(`GET /v1/session/info/${id}`)).text, '[]');
  assert.deepEqual([(await ask(`PUT /v1/session/renew/${id}`)).status], [404]);
});

test('a session that could not be ended is ended at the next try', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1')]);
  const ask = httpOf(leader.server.caller);
  const { ID: id } = JSON.parse((await ask('PUT /v1/session/create', '{"TTL":"10s","Node":"s1"}')).text);
  const { consensus } = leader.server;
  const { apply } = consensus;
  consensus.apply = () => Promise.reject(new Error('leadership lost while committing log'));
  await leader.server.run(20_100);
  consensus.apply = apply;
  await leader.server.run(9_000);
  assert.notEqual((await ask(`GET /v1/session/info/${id}`)).text, '[]');
  await leader.server.run(1_200);
  assert.equal((await ask(`GET /v1/session/info/${id}`)).text, '[]');
});

test('a session that somebody has ended is not ended once more when its time is over', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1')]);
  const ask = httpOf(leader.server.caller);
  const { ID: id } = JSON.parse((await ask('PUT /v1/session/create', '{"TTL":"10s","Node":"s1"}')).text);
  await ask(`PUT /v1/session/destroy/${id}`);
  const { index } = leader.server.consensus;
  await leader.server.run(21_000);
  assert.equal(leader.server.consensus.index, index);
});

test('T0-16: a node that fails takes its sessions along, and their locks are free', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1'), clientMember('c1', '10.0.0.5')]);
  const ask = httpOf(leader.server.caller);
  const body = '{"Node":"c1","LockDelay":"0s"}';
  const { ID: id } = JSON.parse((await ask('PUT /v1/session/create', body)).text);
  assert.equal((await ask(`PUT /v1/kv/lock?acquire=${id}`, 'x')).text, 'true');
  await leader.fate('c1', 'failed');
  assert.equal((await ask('GET /v1/session/list')).text, '[]');
  assert.doesNotMatch((await ask('GET /v1/kv/lock')).text, /Session/);
});

test('a new leader gives every session its whole time again, and no more', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1')]);
  const ask = httpOf(leader.server.caller);
  const { ID: id } = JSON.parse((await ask('PUT /v1/session/create', '{"TTL":"10s","Node":"s1"}')).text);
  await leader.server.run(15_000);
  leader.leadership.end();
  leader.leadership.begin();
  await leader.server.run(15_000);
  assert.notEqual((await ask(`GET /v1/session/info/${id}`)).text, '[]');
  await leader.server.run(5_200);
  assert.equal((await ask(`GET /v1/session/info/${id}`)).text, '[]');
});

test('tombstones are forgotten a quarter of an hour later', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1')]);
  const ask = httpOf(leader.server.caller);
  await ask('PUT /v1/kv/a/b', 'x');
  await ask('DELETE /v1/kv/a/b');
  const left = () => leader.server.store.tables.tombstones.startingWith('').length;
  assert.equal(left(), 1);
  await leader.server.run(14.9 * 60_000);
  assert.equal(left(), 1);
  await leader.server.run(60_000);
  assert.equal(left(), 0);
});

test('a new leader has the tombstones of earlier ones forgotten a quarter of an hour later', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1')]);
  const ask = httpOf(leader.server.caller);
  await ask('PUT /v1/kv/a/b', 'x');
  await ask('DELETE /v1/kv/a/b');
  const left = () => leader.server.store.tables.tombstones.startingWith('').length;
  await leader.server.run(14 * 60_000);
  leader.leadership.end();
  const { index } = leader.server.consensus;
  await leader.server.run(14 * 60_000);
  assert.deepEqual([left(), leader.server.consensus.index], [1, index], 'who leads no more writes nothing');
  leader.leadership.begin();
  await leader.server.run(14.9 * 60_000);
  assert.equal(left(), 1);
  await leader.server.run(60_000);
  assert.equal(left(), 0);
});

test('tombstones that were left at about the same time are forgotten together', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1')]);
  const ask = httpOf(leader.server.caller);
  for (const key of ['a', 'b', 'c']) {
    await ask(`PUT /v1/kv/${key}`, 'x');
    await ask(`DELETE /v1/kv/${key}`);
  }
  const { index } = leader.server.consensus;
  await leader.server.run(15.9 * 60_000);
  assert.equal(leader.server.store.tables.tombstones.startingWith('').length, 0);
  assert.ok(leader.server.consensus.index <= index + 2, 'with one entry, or two');
});

test('a leader takes over only when all that earlier ones have written is applied', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1')]);
  const { consensus, context } = leader.server;
  leader.leadership.end();
  let onApplied = () => {};
  consensus.barrier = () =>
    new Promise((resolve) => {
      onApplied = resolve;
    });
  leader.leadership.begin();
  await leader.server.run(100);
  assert.equal(context.leadership.isEstablished, false);
  onApplied();
  await leader.server.run(100);
  assert.equal(context.leadership.isEstablished, true);
});

test('who leads no more does nothing of all this', async () => {
  const leader = await startLeader([serverMember('s1', '10.0.0.1')]);
  const ask = httpOf(leader.server.caller);
  const { ID: id } = JSON.parse((await ask('PUT /v1/session/create', '{"TTL":"10s","Node":"s1"}')).text);
  leader.leadership.end();
  assert.equal(leader.server.context.leadership.isEstablished, false);
  leader.members.push(clientMember('c1', '10.0.0.5'));
  await leader.fate('c1', 'alive');
  await leader.server.run(120_000);
  assert.doesNotMatch((await ask('GET /v1/catalog/nodes')).text, /"c1"/);
  assert.notEqual((await ask(`GET /v1/session/info/${id}`)).text, '[]');
});
