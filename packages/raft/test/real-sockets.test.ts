// Three servers on real sockets and disks: they elect a leader, agree, survive its death, and start again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { LoopbackNetwork } from '@reeve/namespaces';
import {
  type Configuration,
  connectByFirstByte,
  defaultConfig,
  openSnapshots,
  RaftNode,
  type SnapshotStore,
} from '@reeve/raft';
import type { Listener, Result, Runtime } from '@reeve/runtime';
import { createNodeRuntime } from '@reeve/runtime/node';
import { logDirectory, openLog } from './log-kit.ts';
import { afterFirstByte, ListMachine } from './simulation/server.ts';

/** Of our own, whoever else runs this test on this machine. */
const network = await LoopbackNetwork.claim();
const hosts = Array.from({ length: 3 }, () => network.nextAddress());

interface Running {
  readonly node: RaftNode;
  readonly machine: ListMachine;
  readonly address: string;
  stop(): Promise<void>;
}

async function start(directory: string, id: string, host: string): Promise<Running> {
  const runtime: Runtime = createNodeRuntime({ log: () => {} });
  const machine = new ListMachine();
  const snapshots = await answer<SnapshotStore>((done) => openSnapshots(runtime.disk, directory, done));
  let node: RaftNode | undefined;
  const listener = await answer<Listener>((done) =>
    runtime.network.listen({ host, port: 8300 }, (stream) => afterFirstByte(stream, () => node), done),
  );
  const address = `${host}:8300`;
  node = new RaftNode({
    runtime,
    config: { ...defaultConfig, snapshotThreshold: 200, trailingLogs: 50, snapshotIntervalMs: 200 },
    id,
    address,
    store: await openLog(directory),
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

test('three servers keep acknowledged writes over the death of the leader and a restart', async (t) => {
  const places = hosts.map((host) => ({ host, directory: logDirectory(t) }));
  const startAll = (): Promise<Running[]> =>
    Promise.all(places.map(({ host, directory }, i) => start(directory, `s${i}`, host)));
  let servers = await startAll();
  t.after(() => Promise.all(servers.map(({ stop }) => stop())));
  const configuration: Configuration = {
    servers: servers.map(({ address }, i) => ({ suffrage: 'voter', id: `s${i}`, address })),
  };
  for (const { node } of servers) node.bootstrap(configuration);
  const acknowledged = new Set<string>();
  // On a busy machine a leader may lose its place at any time: then the next one is written to.
  const writeTo = async (running: readonly Running[], name: string): Promise<Running> => {
    for (let attempt = 1; ; attempt++) {
      await until('a leader', () => leaderOf(running) !== undefined);
      const leader = leaderOf(running);
      const texts = Array.from({ length: 200 }, (_, i) => `${name} ${attempt} ${i}`);
      const write = (text: string): Promise<unknown> =>
        answer((done) => leader?.node.apply(Buffer.from(text), 5_000, done));
      const outcomes = await Promise.allSettled(texts.map(write));
      for (const [i, text] of texts.entries())
        if (outcomes[i]?.status === 'fulfilled') acknowledged.add(text);
      if (leader !== undefined && outcomes.every(({ status }) => status === 'fulfilled')) return leader;
    }
  };
  const first = await writeTo(servers, 'first');
  const diedAtMs = performance.now();
  await first.stop();
  const others = servers.filter((it) => it !== first);
  await writeTo(others, 'second');
  t.diagnostic(`writes again ${Math.round(performance.now() - diedAtMs)} ms after the end of the leader`);

  await Promise.all(others.map(({ stop }) => stop()));
  servers = await startAll();
  await writeTo(servers, 'third');
  const textsOf = ({ machine }: Running): string[] => machine.commands.map(({ text }) => text);
  const hasAll = (running: Running): boolean => {
    const texts = new Set(textsOf(running));
    return [...acknowledged].every((text) => texts.has(text));
  };
  await until('agreement', () => servers.every(hasAll));
  for (const running of servers) {
    const texts = textsOf(running);
    assert.equal(new Set(texts).size, texts.length, 'nothing is applied twice');
    const [one, other] = [texts, textsOf(servers[0] ?? running)];
    const common = Math.min(one.length, other.length);
    assert.deepEqual(one.slice(0, common), other.slice(0, common), 'and everything in the same order');
  }
});
