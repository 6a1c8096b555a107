// Whole servers on virtual machines: gossip, the server port, raft and endpoints together.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { lanProfile } from '@reeve/memberlist';
import { defaultConfig, MemoryLogStore, openSnapshots } from '@reeve/raft';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { defaultSerfConfig } from '@reeve/serf/core';
import { defaultPortLimits } from '../../dist/rpc/server-port.js';
import { ConsulServer } from '../../dist/server/consul-server.js';
import { defaultServerSettings } from '../../dist/server/server-context.js';
import { httpOf } from '../kit/ask-http.js';

test('a server that bootstraps alone takes a write within seconds, and is in its own catalog', async () => {
  const cluster = new Cluster();
  const server = await cluster.start('s1', { isBootstrap: true });
  await cluster.until(() => server.context.leadership.isEstablished, 10_000);
  const ask = httpOf(server.caller);
  const answer = await cluster.settle(ask('PUT /v1/kv/a', '1'));
  assert.equal(answer.text, 'true');
  await cluster.until(() => server.consensus.lastLog().index > 4, 5_000);
  const node = await cluster.settle(ask('GET /v1/catalog/node/s1'));
  assert.match(node.text, /"Service":"consul"/);
});

test('T0-4: three servers with expect 3 elect one leader, and all say the same about it', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  await cluster.until(() => servers.some((server) => server.context.leadership.isEstablished), 60_000);
  await cluster.until(
    () => new Set(servers.map(({ consensus }) => consensus.leaderAddress)).size === 1,
    5_000,
  );
  const leaders = [];
  const peers = [];
  for (const server of servers) {
    const ask = httpOf(server.caller);
    leaders.push((await cluster.settle(ask('GET /v1/status/leader'))).text);
    peers.push(JSON.parse((await cluster.settle(ask('GET /v1/status/peers'))).text).sort());
  }
  assert.equal(new Set(leaders).size, 1);
  assert.deepEqual(peers[0], ['10.0.0.1:8300', '10.0.0.2:8300', '10.0.0.3:8300']);
  assert.deepEqual(peers[1], peers[0]);
  assert.deepEqual(peers[2], peers[0]);
});

test('a write at a follower goes to the leader, and is read everywhere', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  await cluster.until(() => servers.some((server) => server.context.leadership.isEstablished), 60_000);
  const follower = servers.find((server) => !server.consensus.isLeader);
  assert.ok(follower);
  assert.equal((await cluster.settle(httpOf(follower.caller)('PUT /v1/kv/a', '1'))).text, 'true');
  for (const server of servers) {
    const got = await cluster.settle(httpOf(server.caller)('GET /v1/kv/a?raw'));
    assert.equal(got.text, '1');
  }
});

test('T0-5: the leader dies: another leads, has every acknowledged write, takes new ones', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  await cluster.until(() => servers.some((server) => server.context.leadership.isEstablished), 60_000);
  const leader = servers.find((server) => server.consensus.isLeader);
  assert.ok(leader);
  await cluster.settle(httpOf(leader.caller)('PUT /v1/kv/kept', 'x'));
  await cluster.crash(leader);
  const others = servers.filter((server) => server !== leader);
  await cluster.until(() => others.some((server) => server.context.leadership.isEstablished), 30_000);
  const next = others[0];
  assert.ok(next);
  assert.equal((await cluster.settle(httpOf(next.caller)('GET /v1/kv/kept?raw'))).text, 'x');
  assert.equal((await cluster.settle(httpOf(next.caller)('PUT /v1/kv/new', 'y'))).text, 'true');
});

test('T0-6: the quorum is lost: no leader, writes fail after 7 s, stale reads go on', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  await cluster.until(() => servers.some((server) => server.context.leadership.isEstablished), 60_000);
  const left = servers.find(({ consensus }) => consensus.isLeader);
  const gone = servers.filter((server) => server !== left);
  assert.ok(left);
  await cluster.settle(httpOf(left.caller)('PUT /v1/kv/a', '1'));
  for (const server of gone) await cluster.crash(server);
  await cluster.until(() => left.consensus.leaderAddress === '', 30_000);
  const ask = httpOf(left.caller);
  assert.equal((await cluster.settle(ask('GET /v1/status/leader'))).text, '""');
  const written = await cluster.settle(ask('PUT /v1/kv/a', '2'));
  assert.deepEqual([written.status, written.text], [500, 'No cluster leader']);
  assert.equal((await cluster.settle(ask('GET /v1/kv/a?stale&raw'))).text, '1');
});

interface Wish {
  readonly isBootstrap?: boolean;
  readonly bootstrapExpect?: number;
}

/** Servers s1, s2 … at 10.0.0.1, 10.0.0.2 … */
class Cluster {
  readonly #world = new VirtualWorld({ seed: 4 });
  readonly #hosts = new Map<ConsulServer, string>();

  async start(name: string, wish: Wish): Promise<ConsulServer> {
    const ip = `10.0.0.${name.slice(1)}`;
    const { runtime } = this.#world.host(ip);
    const snapshots = await this.settle(
      new Promise<Parameters<Parameters<typeof openSnapshots>[2]>[0]>((resolve) => {
        openSnapshots(runtime.disk, '/raft', resolve);
      }),
    );
    assert.ok(snapshots.ok);
    const memberlist = { ...lanProfile(name), bind: { host: ip, port: 8301 } };
    const starting = ConsulServer.start({
      runtime,
      datacenter: 'dc1',
      nodeName: name,
      nodeId: `00000000-0000-4000-8000-00000000000${name.slice(1)}`,
      build: '1.8.7:',
      bind: { host: ip, port: 8300 },
      advertiseHost: ip,
      serf: defaultSerfConfig(memberlist),
      raft: defaultConfig,
      log: new MemoryLogStore(runtime.timers),
      snapshots: snapshots.value,
      settings: defaultServerSettings,
      portLimits: defaultPortLimits,
      isBootstrap: wish.isBootstrap ?? false,
      bootstrapExpect: wish.bootstrapExpect ?? 0,
      onGossip: () => {},
      onFatal: (error) => {
        throw error;
      },
    });
    const server = await this.settle(starting);
    this.#hosts.set(server, ip);
    return server;
  }

  async startThree(): Promise<ConsulServer[]> {
    const servers: ConsulServer[] = [];
    for (const name of ['s1', 's2', 's3']) servers.push(await this.start(name, { bootstrapExpect: 3 }));
    for (const server of servers.slice(1)) await this.settle(server.join(['10.0.0.1:8301']));
    return servers;
  }

  /** Pulls the plug. */
  async crash(server: ConsulServer): Promise<void> {
    this.#world.host(this.#hosts.get(server) ?? '').crash();
  }

  /** Lets time pass until a promise has settled. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = () => {
      isSettled = true;
    };
    promise.then(settled, settled);
    await this.until(() => isSettled, 60_000);
    return promise;
  }

  /** Lets time pass until something holds. */
  async until(holds: () => boolean, withinMs: number): Promise<void> {
    for (let passedMs = 0; !holds(); passedMs += stepMs) {
      assert.ok(passedMs < withinMs, `not within ${withinMs} ms`);
      await setImmediate();
      this.#world.run(stepMs);
    }
  }
}

const stepMs = 5;
