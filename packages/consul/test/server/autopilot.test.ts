// Autopilot in whole clusters: health, promotion, and the removal of the dead. consul.md 8.7.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPlain } from '@reeve/golden';
import { refusalToRemove } from '../../dist/server/leader/dead-servers.js';
import { Cluster } from '../kit/cluster.js';

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
