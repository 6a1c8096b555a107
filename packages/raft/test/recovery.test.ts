// A cluster that has lost its quorum for good. hashicorp/raft api.go (RecoverCluster).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryLogDisk, MemoryLogStore, MemorySnapshots, parsePeers, recoverCluster } from '@reeve/raft';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { entry, server } from './core-kit.ts';
import { Cluster } from './simulation/cluster.ts';

test('peers.json names servers, with or without a vote', () => {
  const text =
    '[{"id":"s1","address":"10.0.0.1:8300","non_voter":false},{"id":"s2","address":"10.0.0.2:8300"}]';
  assert.deepEqual(parsePeers(text).servers, [server(1), server(2)]);
  assert.equal(parsePeers(text.replace('false', 'true')).servers[0]?.suffrage, 'nonvoter');
});

test('a peers.json that makes no sense is refused in one sentence', () => {
  for (const [text, refusal] of [
    ['', /^no JSON: /],
    ['{}', /^no list of servers$/],
    ['[1]', /^a server is no object$/],
    ['[{"id":1}]', /^a server has "id" and "address" as texts/],
    ['[]', /^Need at least one voter/],
    ['[{"id":"a"}]', /^Empty address/],
  ] as const) {
    assert.throws(() => parsePeers(text), { name: 'RaftError', message: refusal });
  }
});

test('a server that is told to be alone leads with all it had, with a snapshot and without', () => {
  for (const snapshotThreshold of [20, 1_000]) {
    const cluster = new Cluster({
      seed: 3,
      servers: 3,
      config: { snapshotThreshold, snapshotIntervalMs: 100, trailingLogs: 0 },
    });
    cluster.start();
    const leader = cluster.awaitLeader();
    for (let i = 0; i < 50; i++) cluster.write();
    assert.ok(cluster.awaitAgreement());
    cluster.world.run(500);
    const before = leader.machine.commands;
    for (const each of cluster.servers) each.crash(cluster.random);
    leader.start(undefined, { servers: cluster.everybody.servers.filter(({ id }) => id === leader.id) });
    cluster.awaitLeader();
    cluster.world.run(100);
    assert.deepEqual(leader.machine.commands, before);
    assert.equal(leader.node?.state.membership.latest.servers.length, 1);
  }
});

test('the entry that recovers has the term of the last one, whoever has asked for votes since', () => {
  const world = new VirtualWorld({ seed: 1 });
  const { timers } = world.host('10.0.0.1').runtime;
  const disk = new MemoryLogDisk();
  disk.hardState = { term: 9, votedFor: '' };
  disk.entries.push(entry(1, 2), entry(2, 3));
  const store = new MemoryLogStore(timers, disk);
  let isDone = false;
  recoverCluster(store, new MemorySnapshots(timers), { servers: [server(1)] }, (result) => {
    isDone = result.ok;
  });
  world.run(100);
  const last = disk.entries.at(-1);
  assert.deepEqual([isDone, last?.index, last?.term, last?.type], [true, 3, 3, 'configuration']);
});

test('a server that has nothing cannot recover a cluster', () => {
  const { timers } = new VirtualWorld({ seed: 1 }).host('10.0.0.1').runtime;
  const store = new MemoryLogStore(timers, new MemoryLogDisk());
  recoverCluster(store, new MemorySnapshots(timers), { servers: [server(1)] }, (result) => {
    assert.match(result.ok ? '' : result.error.message, /^refused to recover cluster with no initial state/);
  });
});
