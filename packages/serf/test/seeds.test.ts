// Seeds: a cluster finds itself again although everybody has forgotten everybody.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Seeds } from '../dist/core/seeds.js';
import { trySeeds } from '../dist/core/try-seeds.js';
import { Cluster, type Node, statusAt } from './support/cluster.js';
import { createRig, nodeCalled } from './support/rig.js';

test('two halves that were apart until they forgot each other are one cluster again by themselves', () => {
  const cluster = new Cluster();
  const forgetful = { reconnectTimeoutMs: 60_000 };
  const nodes = ['a', 'b', 'c', 'd'].map((name) => cluster.start(name, forgetful));
  const [a, b, c, d] = nodes as [Node, Node, Node, Node];
  for (const node of [b, c, d]) cluster.join(node, a);
  cluster.run(5_000);
  const heal = cluster.world.network.partition([a.host, b.host]);
  cluster.until(() => nodes.every(({ serf }) => serf.members().length === 2), 180_000);
  heal();
  cluster.until(() => nodes.every(({ serf }) => serf.members().length === 4), 120_000);
});

test('a node that reached nobody when it restarted from its snapshot goes on trying', () => {
  const cluster = new Cluster();
  const [a] = cluster.converge('a', 'c') as [Node, Node];
  const b = cluster.start('b', { snapshotPath: '/serf.snap' });
  cluster.join(b, a);
  cluster.run(1_000);
  const heal = cluster.world.network.partition(b.host);
  b.host.crash();
  const again = cluster.start('b', { snapshotPath: '/serf.snap', reconnectTimeoutMs: 30_000 });
  cluster.run(120_000);
  assert.ok(again.host.logLines.includes('[WARN] serf: Failed to re-join any previously known node'));
  assert.equal(again.serf.members().length, 1);
  heal();
  cluster.until(() => statusAt(again, 'a') === 'alive' && statusAt(a, 'b') === 'alive', 60_000);
});

test('a seed is tried by name and address while nobody is known there, and not else', () => {
  const { machine, gossip, join, lines, world } = createRig();
  world.network.names.set('seed', ['10.0.0.7']);
  machine.seeds.remember(['x/seed:7946', 'nowhere', '[', '10.0.0.1']);
  lines();
  trySeeds(machine);
  world.run(100);
  assert.deepEqual(
    gossip.joins.map(({ addresses }) => addresses),
    [['x/10.0.0.7:7946']],
  );
  assert.deepEqual(lines(), ['[DEBUG] serf: attempting to find the cluster through 10.0.0.7:7946']);
  join(nodeCalled('web7', '10.0.0.7'));
  for (let round = 0; round < 50; round++) trySeeds(machine);
  world.run(100);
  assert.equal(gossip.joins.length, 1);
});

test('who leaves looks for nobody', () => {
  const { machine, gossip, world } = createRig();
  machine.seeds.remember(['10.0.0.7']);
  machine.state = 'leaving';
  trySeeds(machine);
  world.run(100);
  assert.deepEqual(gossip.joins, []);
});

test('the latest seeds are remembered, and those of members that have left on purpose forgotten', () => {
  const seeds = new Seeds(3);
  seeds.remember(['10.0.0.1', 'web', '10.0.0.2:7946']);
  seeds.remember(['10.0.0.1', 'n4/10.0.0.4:7946']);
  assert.deepEqual(seeds.all, ['10.0.0.2:7946', '10.0.0.1', 'n4/10.0.0.4:7946']);
  for (const host of ['10.0.0.1', '10.0.0.4']) seeds.forget({ host, port: 7946 });
  seeds.forget({ host: '10.0.0.2', port: 7947 });
  assert.deepEqual(seeds.all, ['10.0.0.2:7946']);
  const none = new Seeds(0);
  none.remember(['10.0.0.1']);
  assert.deepEqual(none.all, []);
});

test('a member that has left is no seed any more when it is forgotten, one that failed still is', () => {
  const cluster = new Cluster();
  const short = { tombstoneTimeoutMs: 20_000, reconnectTimeoutMs: 20_000 };
  const a = cluster.start('a', short);
  const [b, c] = ['b', 'c'].map((name) => cluster.start(name)) as [Node, Node];
  cluster.join(a, b);
  cluster.join(a, c);
  cluster.run(2_000);
  b.serf.leave(() => b.serf.shutdown());
  c.host.crash();
  cluster.until(() => a.serf.members().length === 1, 120_000);
  const before = a.host.logLines.length;
  cluster.run(60_000);
  const tried = a.host.logLines.slice(before).filter((line) => line.includes('to find the cluster'));
  assert.ok(tried.length > 0 && tried.every((line) => line.endsWith('through 10.0.0.3:7946')), String(tried));
});
