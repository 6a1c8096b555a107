// One run: some servers, clients of all kinds, and faults. When peace comes, everybody agrees.

import assert from 'node:assert/strict';
import { readKey } from '../../dist/core/index.js';
import { Cluster } from '../kit/cluster.js';
import { Crew } from './crew.ts';
import type { Waiting } from './history.ts';
import { useKeys } from './key-client.ts';
import { keyNotLinearizable } from './linearizable.ts';
import { lockDelayMs, useLock } from './lock-client.ts';
import { sharedLock } from './lock-exclusivity.ts';
import { indexThatWentBack } from './monotone-indexes.ts';
import { sameState, wholeState } from './same-state.ts';
import { Stage } from './stage.ts';
import { waitForNews } from './waiting-client.ts';
import { lostWakeUp } from './wake-ups.ts';
import { Weather } from './weather.ts';

/** A storm of a seed. */
export class Storm {
  readonly cluster: Cluster;
  readonly weather: Weather;
  readonly crew: Crew;
  #stage: Stage | undefined;

  constructor(seed: number, servers: number) {
    this.cluster = new Cluster({
      seed,
      logPlace: seed % 4 === 3 ? 'files' : 'memory',
      writeMsMax: seed % 3 === 0 ? 100 : 5,
      raft: seed % 2 === 0 ? {} : restless,
    });
    this.crew = new Crew(this.cluster, servers);
    this.weather = new Weather(this.cluster, this.crew);
  }

  /** Where clients act; undefined before there are any. */
  get stage(): Stage | undefined {
    return this.#stage;
  }

  /** Lets it last. Throws what is wrong. */
  async run(forMs: number): Promise<void> {
    const { cluster, weather, crew } = this;
    const [first] = await cluster.startSome(crew.size);
    assert.ok(first);
    const ask = cluster.ask(first);
    await ask('PUT /v1/catalog/register', '{"Node":"clients","Address":"10.0.1.1"}');
    await ask('PUT /v1/operator/autopilot/configuration', hastyAutopilot);
    const stage = new Stage(cluster, forMs);
    this.#stage = stage;
    const otherState = sameState();
    cluster.onRan((name, { context, consensus }) => {
      stage.flaw ??= otherState(name, consensus.appliedIndex, context.store.tables);
    });
    const looks = [lookForLostWakeUps(stage), () => weather.look()];
    cluster.onStepped(() => {
      for (const look of looks) look();
      assert.ok(stage.flaw === undefined, stage.flaw);
    });
    const clients = [
      ...Array.from({ length: 8 }, () => useKeys(stage)),
      ...Array.from({ length: 6 }, (_, i) => useLock(stage, `lock${i % 2}`)),
      ...crew.names.map((name) => waitForNews(stage, name, 'k1')),
      waitForNews(stage, 's1', 'k2'),
    ];
    while (!stage.isOver) {
      await weather.change();
      await cluster.run(1_000 + cluster.random.float() * 5_000);
    }
    await weather.makePeace();
    await awaitAgreement(stage, crew);
    await cluster.settle(Promise.all(clients));
    judge(stage);
  }
}

/** In peace writes are done again, everybody votes, and all servers have the same state, to the byte. */
async function awaitAgreement(stage: Stage, crew: Crew): Promise<void> {
  const { cluster } = stage;
  let isWritten = false;
  for (let i = 0; i < 20 && !isWritten; i++) {
    const { answer } = await cluster.settle(stage.ask('PUT /v1/kv/peace', '1'));
    isWritten = answer?.text === 'true';
  }
  assert.ok(isWritten, 'no writes in peace');
  const statesOf = () => [...cluster.servers.values()].map(({ context }) => wholeState(context.store.tables));
  const everybodyVotes = () => crew.names.every((name) => cluster.voteOf(name) === true);
  await cluster.until(() => everybodyVotes() && new Set(statesOf()).size === 1, agreementMs);
}

function lookForLostWakeUps(stage: Stage): () => void {
  const { cluster } = stage;
  const newest = ({ server, life, key, wasThere }: Waiting): number | undefined => {
    const running = cluster.servers.get(server);
    if (running === undefined || cluster.lifeOf(server) !== life) return undefined;
    if (cluster.host(server).isBlocked) return undefined;
    const { value } = readKey(running.context.store.tables, null, key);
    if (value !== null) return value.modifyIndex;
    // That a key is not there any more is news; that it is still not there is none, though its index moves.
    return wasThere ? Number.POSITIVE_INFINITY : undefined;
  };
  return () => {
    stage.flaw ??= lostWakeUp(stage.waiting, newest, stage.nowMs);
  };
}

function judge(stage: Stage): void {
  assert.equal(keyNotLinearizable(stage.keys), undefined, 'a key is not linearizable');
  assert.equal(indexThatWentBack(stage.indexes), undefined, 'an index went back');
  assert.equal(sharedLock(stage.holds, lockDelayMs), undefined, 'a lock was shared');
}

/** Snapshots all the time, and few entries in a message: what a leader sends arrives bit by bit. */
const restless = { snapshotIntervalMs: 2_000, snapshotThreshold: 40, trailingLogs: 10, appendEntriesMax: 2 };
/** Who comes back is to vote again within the storm. */
const hastyAutopilot = JSON.stringify({
  CleanupDeadServers: true,
  LastContactThreshold: '200ms',
  MaxTrailingLogs: 250,
  ServerStabilizationTime: '1s',
});
/** A leader looks around once a minute for servers that it has to take in. */
const agreementMs = 180_000;
