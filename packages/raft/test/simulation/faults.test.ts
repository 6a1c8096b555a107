// Clusters under partitions, crashes with lost and torn writes, slow disks and stalled processes: whatever
// happens, no property breaks, and no acknowledged write is lost. When peace comes, everybody agrees.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noServers, votersOf } from '@reeve/raft/core';
import { Cluster } from './cluster.ts';
import type { LogPlace, SimulatedServer } from './server.ts';

const seeds = Number(process.env.REEVE_RAFT_SEEDS ?? 12);
const from = Number(process.env.REEVE_RAFT_SEED ?? 1);

for (const [servers, logPlace] of [
  [3, 'files'],
  [5, 'files'],
  [3, 'memory'],
] as const) {
  const kept = `lose no acknowledged write, logs in ${logPlace}`;
  test(`${seeds} runs of ${servers} servers with faults ${kept}`, () => {
    let written = 0;
    let verified = 0;
    let elections = 0;
    let restores = 0;
    for (let seed = from; seed < from + seeds; seed++) {
      try {
        const cluster = runWithFaults(seed, servers, logPlace);
        written += cluster.acknowledged.size;
        verified += cluster.verified;
        elections += cluster.leader?.node?.state.term ?? 0;
        restores += cluster.servers.reduce((sum, { machine }) => sum + machine.restores, 0);
      } catch (error) {
        throw new Error(
          `REEVE_RAFT_SEED=${seed} REEVE_RAFT_SEEDS=1, ${servers} servers, ${logPlace}: ${error}`,
          {
            cause: error,
          },
        );
      }
    }
    assert.ok(verified > seeds * 100, `only ${verified} verifications prove little`);
    assert.ok(written > seeds * 100, `only ${written} writes prove little`);
    assert.ok(elections > seeds * 4, `only ${elections} elections prove little`);
    assert.ok(restores > seeds / 2, `only ${restores} snapshots prove little`);
  });
}

function runWithFaults(seed: number, servers: number, logPlace: LogPlace): Cluster {
  const cluster = new Cluster({
    seed,
    servers,
    config: { snapshotIntervalMs: 500, snapshotThreshold: 30, trailingLogs: 10, appendEntriesMax: 8 },
    writeMsMax: seed % 3 === 0 ? 200 : 5,
    logPlace,
  });
  const { world, random } = cluster;
  cluster.start();
  const endsAtMs = world.now + 30_000;
  while (world.now < endsAtMs) {
    causeFault(cluster);
    const pauseMs = 200 + random.float() * 1_500;
    const until = world.now + pauseMs;
    while (world.now < until) {
      cluster.write();
      cluster.verify();
      world.run(5 + random.float() * 40);
    }
  }
  world.network.heal();
  for (const server of cluster.servers) if (!server.isUp) server.start();
  world.run(100);
  awaitEverybody(cluster);
  const { size } = cluster.acknowledged;
  for (let i = 0; i < 60 && cluster.acknowledged.size === size; i++) {
    cluster.write();
    world.run(1_000);
  }
  assert.ok(cluster.acknowledged.size > size, `no writes in peace: ${describe(cluster)}`);
  assert.ok(cluster.awaitAgreement(), `no agreement: ${describe(cluster)}`);
  world.run(100); // a snapshot that came last is restored by then
  for (const { machine, fatal } of cluster.servers) {
    assert.equal(fatal, undefined);
    const applied = new Map(machine.commands.map(({ index, text }) => [text, index]));
    assert.equal(applied.size, machine.commands.length, 'a command was applied twice');
    for (const [text, index] of cluster.acknowledged)
      assert.equal(applied.get(text), index, `${text} is lost`);
  }
  return cluster;
}

function causeFault(cluster: Cluster): void {
  const { world, random, servers } = cluster;
  const one = servers[random.below(servers.length)];
  const other = servers[random.below(servers.length)];
  const victim = random.float() < 0.5 ? (cluster.leader ?? one) : one;
  if (victim === undefined || other === undefined) return;
  const kind = random.below(12);
  if (kind <= 2) world.network.heal();
  else if (kind === 3) world.network.partition(victim.host);
  else if (kind === 4) world.network.cut(victim.host, other.host);
  else if (kind === 5) victim.host.block(random.float() * 3_000);
  else if (kind === 6) world.network.partition([victim.host, other.host]);
  else if (kind === 7) victim.node?.transferLeadership(undefined, () => {});
  else if (kind === 8) changeServers(cluster, other);
  else {
    if (victim.isUp) victim.crash(random);
    for (const server of servers) if (!server.isUp && random.float() < 0.6) server.start();
  }
}

/** Removes a server, or takes it in again, with or without a vote. */
function changeServers({ leader, random }: Cluster, { id, address }: SimulatedServer): void {
  const commands = ['remove-server', 'demote-voter', 'add-nonvoter', 'add-voter'] as const;
  const command = commands[random.below(commands.length)] ?? 'add-voter';
  leader?.node?.changeConfiguration({ command, id, address, prevIndex: 0 }, () => {});
}

/** Has every server vote again, so that all can be expected to agree. */
function awaitEverybody(cluster: Cluster): void {
  for (let i = 0; i < 60; i++) {
    const membership = cluster.leader?.node?.state.membership;
    const voters = new Set(votersOf(membership?.committed ?? noServers).map(({ id }) => id));
    const missing = cluster.servers.find(({ id }) => !voters.has(id));
    if (missing === undefined && membership?.isStable) return;
    const { id, address } = missing ?? { id: '', address: '' };
    const change = { command: 'add-voter', id, address, prevIndex: 0 } as const;
    if (missing !== undefined) cluster.leader?.node?.changeConfiguration(change, () => {});
    cluster.world.run(1_000);
  }
  assert.fail(`not everybody votes again: ${describe(cluster)}`);
}

function describe(cluster: Cluster): string {
  return cluster.servers
    .map(({ id, node }) => {
      const state = node?.state;
      const last = `${state?.appliedIndex}/${state?.commitIndex}/${state?.log.lastIndex}`;
      return `${id} ${state?.role} term ${state?.term} ${last}`;
    })
    .join('; ');
}
