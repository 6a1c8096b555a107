// Autopilot in whole clusters: health, promotion, and the removal of the dead. consul.md 8.7.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPlain } from '@reeve/golden';
import { type Caller, status } from '../../dist/rpc/methods/index.js';
import { refusalToRemove } from '../../dist/server/leader/dead-servers.js';
import { Cluster, nodeIdOf } from '../kit/cluster.js';
import { type Leader, serverMember, startLeader } from '../kit/leader.js';

test('T1-11: servers that keep up are healthy, and the answer has the fields of the original', async () => {
  const cluster = new Cluster();
  const [server] = await cluster.startThree();
  assert.ok(server);
  await cluster.run(5_000);
  const answer = await cluster.ask(server)('GET /v1/operator/autopilot/health');
  const [, text = ''] = readPlain('cluster/autopilot-health', 'consul').text.split('\n\n');
  const original = JSON.parse(text);
  const ours = JSON.parse(answer.text);
  assert.deepEqual([answer.status, answer.headers['Content-Type']], [200, 'application/json']);
  assert.deepEqual([ours.Healthy, ours.FailureTolerance], [true, 1]);
  assert.deepEqual(Object.keys(ours.Servers[0]), Object.keys(original.Servers[0]));
  assert.deepEqual(ours.Servers.map(({ Name }: { Name: string }) => Name).sort(), ['s1', 's2', 's3']);
  for (const { Leader, LastContact, StableSince } of ours.Servers) {
    if (Leader) assert.equal(LastContact, '0s');
    assert.match(StableSince, /^2026-01-01T00:0\d:\d\dZ$/);
  }
});

test('T1-11: with a dead server the same answer comes with status 429, as if it were text', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  const follower = servers.find(({ consensus }) => !consensus.isLeader);
  const leader = await cluster.awaitLeader();
  assert.ok(follower);
  await cluster.run(3_000);
  const name = cluster.nameOf(follower);
  cluster.crash(follower);
  await cluster.run(3_000);
  const answer = await cluster.ask(leader)('GET /v1/operator/autopilot/health');
  assert.deepEqual([answer.status, answer.headers['Content-Type']], [429, 'text/plain; charset=utf-8']);
  const health = JSON.parse(answer.text);
  const dead = health.Servers.find((each: { Name: string }) => each.Name === name);
  assert.deepEqual([health.Healthy, health.FailureTolerance], [false, 0]);
  assert.deepEqual([dead.Healthy, dead.LastContact, dead.LastIndex], [false, '-1ns', 0]);
  assert.equal(dead.StableSince, '0001-01-01T00:00:00Z');
});

test('a server that joins votes when it has been healthy for ten seconds, not before', async () => {
  const cluster = new Cluster();
  await cluster.startThree();
  const fourth = await cluster.start('s4');
  await cluster.settle(fourth.join(['10.0.0.1:8301']));
  await cluster.until(() => cluster.voteOf('s4') !== undefined, 5_000);
  await cluster.run(9_000);
  assert.equal(cluster.voteOf('s4'), false);
  await cluster.until(() => cluster.voteOf('s4') === true, 20_000);
});

test('a server that was ill votes only when it has been well for ten seconds again', async () => {
  const { leader, stats, votes } = await leaderOfTwo();
  await leader.server.run(8_000);
  stats.lastContact = '5s';
  await leader.server.run(3_000);
  stats.lastContact = '0';
  await leader.server.run(9_500);
  assert.equal(votes(), false);
  await leader.server.run(15_000);
  assert.equal(votes(), true);
});

test('a new leader lets nobody vote for what was seen before it led', async () => {
  const { leader, votes } = await leaderOfTwo();
  await leader.server.run(8_000);
  leader.leadership.end();
  await leader.server.run(10_000);
  leader.leadership.begin();
  await leader.server.run(10_500);
  assert.equal(votes(), false);
  await leader.server.run(15_000);
  assert.equal(votes(), true);
});

test('a server that is too far behind does not vote', async () => {
  const { leader, stats, votes } = await leaderOfTwo();
  stats.behind = 251; // one more than MaxTrailingLogs
  await leader.server.run(60_000);
  assert.equal(votes(), false);
  stats.behind = 250;
  await leader.server.run(25_000);
  assert.equal(votes(), true);
});

test('a failed server that never voted goes at once, however few voters there are', async () => {
  const { leader } = await leaderOfTwo();
  const [own] = leader.members;
  assert.ok(own);
  leader.members.splice(0, 2, own, { ...serverMember('s2', '10.0.0.2'), status: 'failed' });
  await leader.server.run(11_000);
  assert.deepEqual(leader.forced, ['s2']);
});

test('T0-29: a failed server is removed from raft; back again, it votes only after a while', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  const leader = await cluster.awaitLeader();
  const victim = servers.find(({ consensus }) => !consensus.isLeader);
  assert.ok(victim);
  const name = cluster.nameOf(victim);
  cluster.crash(victim);
  await cluster.until(() => leader.consensus.servers.length === 2, 60_000);
  await cluster.run(1_000);
  assert.equal((await cluster.ask(leader)(`GET /v1/catalog/node/${name}`)).text, 'null');
  const back = await cluster.start(name, { bootstrapExpect: 3 });
  await cluster.settle(back.join([`${cluster.host(cluster.nameOf(leader)).ip}:8301`]));
  const vote = () => cluster.voteOf(name);
  await cluster.until(() => vote() !== undefined, 60_000);
  assert.equal(vote(), false);
  await cluster.until(() => vote() === true, 60_000);
});

test('another server at the address of one that nobody missed is in raft at once in its place', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  const replaced = servers.find(({ consensus }) => !consensus.isLeader);
  assert.ok(replaced);
  const { serf } = replaced;
  serf.setTags(new Map(serf.localMember().tags).set('id', nodeIdOf('s9')), () => {});
  await cluster.until(() => cluster.voteOf('s9') !== undefined, 5_000);
  assert.equal(cluster.voteOf(cluster.nameOf(replaced)), undefined);
});

test('of four servers two that fail together stay: without them there might be no majority', async () => {
  const cluster = new Cluster();
  await cluster.startThree();
  const leader = await cluster.awaitLeader();
  const fourth = await cluster.start('s4');
  await cluster.settle(fourth.join(['10.0.0.1:8301']));
  await cluster.until(() => leader.consensus.servers.filter(({ isVoter }) => isVoter).length === 4, 60_000);
  const followers = [...cluster.servers.values()].filter((server) => server !== leader).slice(0, 2);
  for (const server of followers) cluster.crash(server);
  await cluster.run(60_000);
  assert.equal(leader.consensus.servers.length, 4);
});

test('a dead server stays where operators do not want it removed', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  const leader = await cluster.awaitLeader();
  const body = '{"CleanupDeadServers":false,"LastContactThreshold":"200ms","MaxTrailingLogs":250}';
  assert.equal((await cluster.ask(leader)('PUT /v1/operator/autopilot/configuration', body)).text, 'true');
  const victim = servers.find(({ consensus }) => !consensus.isLeader);
  assert.ok(victim);
  cluster.crash(victim);
  await cluster.run(60_000);
  assert.equal(leader.consensus.servers.length, 3);
});

test('as many dead servers may go as failures can be borne, and never fewer stay than min_quorum', () => {
  assert.equal(refusalToRemove(3, 0, 1), undefined);
  assert.equal(refusalToRemove(5, 0, 2), undefined);
  assert.equal(refusalToRemove(3, 0, 2), 'denied, because removing the majority of servers 2/3 is not safe');
  assert.match(refusalToRemove(4, 0, 2) ?? '', /2\/4 is not safe/);
  assert.match(refusalToRemove(2, 0, 1) ?? '', /1\/2 is not safe/);
  assert.equal(
    refusalToRemove(5, 4, 2),
    'denied, because removing 2/5 servers would leave less then minimal allowed quorum of 4 servers',
  );
  assert.equal(refusalToRemove(5, 3, 2), undefined);
});

/** A leader with a second server, which says of itself what a test wants. */
async function leaderOfTwo() {
  const leader: Leader = await startLeader([serverMember('s1', '10.0.0.1'), serverMember('s2', '10.0.0.2')]);
  const { consensus, others } = leader.server;
  const stats = { lastContact: '0', behind: 0 };
  const caller: Caller = {
    call: async (method) => {
      assert.equal(method.name, status.raftStats.name);
      const { index, term } = consensus.lastLog();
      const said = { lastContact: stats.lastContact, lastTerm: term, lastIndex: index - stats.behind };
      return said as never;
    },
  };
  others.set('10.0.0.2:8300', caller);
  const votes = () => consensus.servers.findLast(({ address }) => address === '10.0.0.2:8300')?.isVoter;
  return { leader, stats, votes };
}
