// Three servers on real sockets and disks: they elect a leader, agree, survive its death, and start again.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Configuration,
  connectByFirstByte,
  defaultConfig,
  openSnapshots,
  RaftNode,
  type SnapshotStore,
} from '@reeve/raft';
import { openLmdbLogStore } from '@reeve/raft/lmdb';
import type { Listener, Result, Runtime } from '@reeve/runtime';
import { createNodeRuntime } from '@reeve/runtime/node';
import { afterFirstByte, ListMachine } from './simulation/server.ts';

interface Running {
  readonly node: RaftNode;
  readonly machine: ListMachine;
  readonly address: string;
  stop(): Promise<void>;
}

async function start(directory: string, id: string, host: string, port: number): Promise<Running> {
  const runtime: Runtime = createNodeRuntime({ log: () => {} });
  const machine = new ListMachine();
  const snapshots = await answer<SnapshotStore>((done) => openSnapshots(runtime.disk, directory, done));
  let node: RaftNode | undefined;
  const listener = await answer<Listener>((done) =>
    runtime.network.listen({ host, port }, (stream) => afterFirstByte(stream, () => node), done),
  );
  const address = `${host}:${listener.local.port}`;
  node = new RaftNode({
    runtime,
    config: { ...defaultConfig, snapshotThreshold: 200, trailingLogs: 50, snapshotIntervalMs: 200 },
    id,
    address,
    store: openLmdbLogStore(directory),
    snapshots,
    stateMachine: machine,
    connect: connectByFirstByte(runtime.network, 2_000),
    onFatal: (error) => {
      throw error;
    },
  });
  const running = node;
  const stop = (): Promise<void> => {
    listener.close();
    return new Promise((resolve) => running.shutdown(resolve));
  };
  return { node, machine, address, stop };
}

function answer<T>(call: (done: (result: Result<T>) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((result) => (result.ok ? resolve(result.value) : reject(result.error)));
  });
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const endsAtMs = performance.now() + 30_000;
  while (!condition()) {
    assert.ok(performance.now() < endsAtMs, `${what} did not come`);
    await pause(5);
  }
}

function leaderOf(servers: readonly Running[]): Running | undefined {
  return servers.find(({ node: { state } }) => {
    const { leadership, commitIndex } = state;
    return leadership !== undefined && commitIndex >= leadership.startIndex;
  });
}

function directories(t: TestContext, count: number): string[] {
  return Array.from({ length: count }, () => {
    const directory = mkdtempSync(join(tmpdir(), 'reeve-raft-'));
    t.after(() => rmSync(directory, { recursive: true, force: true }));
    return directory;
  });
}

test('three servers keep acknowledged writes over the death of the leader and a restart', async (t) => {
  const places = directories(t, 3);
  const host = '127.83.1.1';
  let servers = await Promise.all(places.map((place, i) => start(place, `s${i}`, host, 0)));
  t.after(() => Promise.all(servers.map(({ stop }) => stop())));
  const configuration: Configuration = {
    servers: servers.map(({ address }, i) => ({ suffrage: 'voter', id: `s${i}`, address })),
  };
  for (const { node } of servers) node.bootstrap(configuration);
  await until('a leader', () => leaderOf(servers) !== undefined);
  const acknowledged: string[] = [];
  const write = (to: Running, text: string): Promise<void> =>
    answer<unknown>((done) => to.node.apply(Buffer.from(text), 5_000, done)).then(() => {
      acknowledged.push(text);
    });
  const first = leaderOf(servers);
  assert.ok(first !== undefined);
  await Promise.all(Array.from({ length: 500 }, (_, i) => write(first, `first ${i}`)));
  await answer<void>((done) => first.node.verifyLeader(done));

  const diedAtMs = performance.now();
  await first.stop();
  const others = servers.filter((it) => it !== first);
  await until('a new leader', () => leaderOf(others) !== undefined);
  const failOverMs = performance.now() - diedAtMs;
  t.diagnostic(`a new leader ${Math.round(failOverMs)} ms after the end of the old one`);
  const second = leaderOf(others);
  assert.ok(second !== undefined);
  await Promise.all(Array.from({ length: 100 }, (_, i) => write(second, `second ${i}`)));

  await Promise.all(others.map(({ stop }) => stop()));
  servers = await Promise.all(
    places.map((place, i) => {
      const [, port] = (configuration.servers[i]?.address ?? '').split(':');
      return start(place, `s${i}`, host, Number(port));
    }),
  );
  await until('a leader after the restart', () => leaderOf(servers) !== undefined);
  await until('agreement', () =>
    servers.every(({ machine }) => machine.commands.length === acknowledged.length),
  );
  for (const { machine } of servers) {
    const texts = machine.commands.map(({ text }) => text);
    assert.deepEqual(texts.toSorted(), acknowledged.toSorted());
    assert.deepEqual(
      texts,
      servers[0]?.machine.commands.map(({ text }) => text),
    );
  }
});
