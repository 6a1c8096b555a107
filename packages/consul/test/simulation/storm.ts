// One run: three servers, clients of all kinds, and faults. When peace comes, everybody agrees.

import assert from 'node:assert/strict';
import { listKeys, readKey } from '../../dist/core/index.js';
import type { ConsulServer } from '../../dist/server/consul-server.js';
import { Cluster } from '../kit/cluster.js';
import type { Waiting } from './history.ts';
import { useKeys } from './key-client.ts';
import { keyNotLinearizable } from './linearizable.ts';
import { lockDelayMs, useLock } from './lock-client.ts';
import { sharedLock } from './lock-exclusivity.ts';
import { indexThatWentBack } from './monotone-indexes.ts';
import { Stage } from './stage.ts';
import { waitForNews } from './waiting-client.ts';
import { lostWakeUp } from './wake-ups.ts';

/** Runs a storm of a seed. Throws what is wrong. */
export async function runStorm(seed: number, forMs: number): Promise<Stage> {
  const cluster = new Cluster({
    seed,
    writeMsMax: seed % 3 === 0 ? 100 : 5,
    raft: seed % 2 === 0 ? {} : { snapshotIntervalMs: 2_000, snapshotThreshold: 40, trailingLogs: 10 },
  });
  const [first] = await cluster.startThree();
  assert.ok(first);
  await cluster.ask(first)('PUT /v1/catalog/register', '{"Node":"clients","Address":"10.0.1.1"}');
  const stage = new Stage(cluster, forMs);
  cluster.onStepped(() => lookForLostWakeUps(stage));
  const clients = [
    ...Array.from({ length: 8 }, () => useKeys(stage)),
    ...Array.from({ length: 3 }, () => useLock(stage)),
    ...names.map((name) => waitForNews(stage, name, 'k1')),
    waitForNews(stage, 's1', 'k2'),
  ];
  while (!stage.isOver) {
    await causeFault(cluster);
    await cluster.run(1_000 + cluster.random.float() * 5_000);
  }
  await makePeace(stage);
  await cluster.settle(Promise.all(clients));
  judge(stage);
  return stage;
}

async function causeFault(cluster: Cluster): Promise<void> {
  const { world, random } = cluster;
  const some = [...names].sort(() => random.float() - 0.5);
  const [one = 's1', other = 's2'] = some;
  const leader = cluster.leader;
  const victim = leader !== undefined && random.float() < 0.5 ? cluster.nameOf(leader) : one;
  const kind = random.below(10);
  if (kind <= 2) world.network.heal();
  else if (kind === 3) world.network.partition(cluster.host(victim));
  else if (kind === 4) world.network.cut(cluster.host(victim), cluster.host(other));
  else if (kind === 5) cluster.host(victim).block(random.float() * 8_000);
  else if (kind === 6) leader?.consensus.transferLeadership().catch(() => {});
  else {
    const server = cluster.servers.get(victim);
    if (server !== undefined) cluster.crash(server);
    if (random.float() < 0.7) await startMissing(cluster);
  }
}

/** Those that are down start again, and join whom they find. */
async function startMissing(cluster: Cluster): Promise<void> {
  for (const name of names) {
    if (cluster.servers.has(name)) continue;
    const server = await cluster.start(name, { bootstrapExpect: 3 });
    void server.join(names.filter((each) => each !== name).map((each) => `${cluster.host(each).ip}:8301`));
  }
}

async function makePeace(stage: Stage): Promise<void> {
  const { cluster } = stage;
  cluster.world.network.heal();
  await startMissing(cluster);
  let isWritten = false;
  for (let i = 0; i < 20 && !isWritten; i++) {
    const { answer } = await cluster.settle(stage.ask('PUT /v1/kv/peace', '1'));
    isWritten = answer?.text === 'true';
  }
  assert.ok(isWritten, 'no writes in peace');
  await cluster.until(() => new Set([...cluster.servers.values()].map(keysAt)).size === 1, 120_000);
}

function keysAt({ context }: ConsulServer): string {
  const { value } = listKeys(context.store.tables, null, '');
  return value.map(({ key, modifyIndex }) => `${key} ${modifyIndex}`).join();
}

function lookForLostWakeUps(stage: Stage): void {
  const { cluster } = stage;
  const newest = ({ server, life, key, wasThere }: Waiting): number | undefined => {
    const running = cluster.servers.get(server);
    if (running === undefined || cluster.lifeOf(server) !== life) return undefined;
    if (cluster.host(server).isBlocked) return undefined;
    const { index, value } = readKey(running.context.store.tables, null, key);
    // That a key is still not there is no news, although its index moves with that of all keys.
    return value === null && !wasThere ? undefined : index;
  };
  stage.flaw ??= lostWakeUp(stage.waiting, newest, stage.nowMs);
}

function judge(stage: Stage): void {
  assert.equal(stage.flaw, undefined);
  assert.equal(keyNotLinearizable(stage.keys), undefined, 'a key is not linearizable');
  assert.equal(indexThatWentBack(stage.indexes), undefined, 'an index went back');
  assert.equal(sharedLock(stage.holds, lockDelayMs), undefined, 'a lock was shared');
}

const names = ['s1', 's2', 's3'] as const;
