// T2-8, the raft of it: one cluster of a real Consul server and ours. It leads us, we lead it, either hands
// over to the other; entries and snapshots go both ways.
//
// Raft alone does not make a server: nobody gossips or forwards here. So the real one learns of ours from the
// file an operator writes to recover a cluster (raft/peers.json).

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Child, consul187, consulMissing, eventually, LoopbackNetwork, scratchFolder } from '@reeve/interop';
import {
  type Applied,
  connectByFirstByte,
  defaultConfig,
  type LogEntry,
  MemoryLogStore,
  MemorySnapshots,
  RaftNode,
  type Role,
} from '@reeve/raft';
import type { StreamHandler } from '@reeve/runtime';
import { createNodeRuntime } from '@reeve/runtime/node';

const skip = consulMissing();
const realId = 'aaaaaaaa-0000-4000-8000-000000000001';
/** Upstream's default of Consul, five times that of raft: a busy machine may not look like a dead leader. */
const patientConfig = {
  ...defaultConfig,
  heartbeatTimeoutMs: 5_000,
  electionTimeoutMs: 5_000,
  leaderLeaseMs: 2_500,
};
const ourId = 'bbbbbbbb-0000-4000-8000-000000000002';

/** A real server on the first of two addresses. */
class RealServer {
  readonly #host: string;
  readonly #folder: string;
  #child: Child | undefined;

  constructor(host: string, folder: string) {
    this.#host = host;
    this.#folder = folder;
  }

  start(): void {
    const identity = [`-node-id=${realId}`, '-node=real', `-bind=${this.#host}`, `-client=${this.#host}`];
    const cluster = ['-server', '-bootstrap-expect=1'];
    const args = ['agent', ...identity, ...cluster, `-data-dir=${this.#folder}`];
    this.#child = new Child(consul187.path, args);
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    this.#child?.signal(signal);
    await this.#child?.ended;
  }

  /** Makes it and ours a cluster of two, while it is stopped. */
  addOurs(address: string): void {
    const peers = [
      { id: realId, address: `${this.#host}:8300` },
      { id: ourId, address },
    ];
    writeFileSync(join(this.#folder, 'raft/peers.json'), JSON.stringify(peers));
  }

  async request(method: string, path: string, body?: string): Promise<string> {
    const options = body === undefined ? { method } : { method, body };
    const response = await fetch(`http://${this.#host}:8500${path}`, options);
    return response.text();
  }

  async put(key: string, value: string): Promise<void> {
    assert.equal(await this.request('PUT', `/v1/kv/${key}`, value), 'true');
  }
}

/** Our raft behind the port of a server, with a state machine that only remembers. */
class OurServer {
  readonly node: RaftNode;
  readonly applied: LogEntry[] = [];
  restoredBytes = 0;

  constructor(t: TestContext, host: string) {
    const runtime = createNodeRuntime({ log: () => {} });
    const { network, timers } = runtime;
    this.node = new RaftNode({
      runtime,
      config: patientConfig,
      id: ourId,
      address: `${host}:8300`,
      store: new MemoryLogStore(timers),
      snapshots: new MemorySnapshots(timers),
      stateMachine: {
        apply: (entries) => entries.map((entry) => this.applied.push(entry)),
        snapshot: () => [][Symbol.iterator](),
        read: (state) => {
          const replace = () => {
            this.restoredBytes = state.length;
          };
          return { next: () => ({ done: true, value: replace }) };
        },
      },
      connect: connectByFirstByte(network, 2_000),
      onFatal: (error) => assert.fail(error),
    });
    network.listen(
      { host, port: 8300 },
      (stream): StreamHandler => {
        let raft: StreamHandler | undefined;
        return {
          onData: (chunk) => {
            if (raft !== undefined) return raft.onData(chunk);
            if (chunk[0] !== 1) return stream.destroy(); // what is not raft we do not speak
            raft = this.node.accept(stream);
            raft.onData(chunk.subarray(1));
          },
          onEnd: () => (raft === undefined ? stream.end() : raft.onEnd()),
          onClosed: () => raft?.onClosed(),
        };
      },
      (listening) => {
        assert.ok(listening.ok);
        t.after(() => listening.value.close());
      },
    );
    t.after(() => this.node.shutdown());
  }

  /** The first command of a type; a real leader writes some of its own between those of clients. */
  firstApplied(type: number): LogEntry | undefined {
    return this.applied.find(({ data }) => data[0] === type);
  }

  async becomes(role: Role): Promise<void> {
    await eventually(`we are ${role}`, () => assert.equal(this.node.state.role, role));
  }
}

test('T2-8: a real server and our raft lead each other, with entries, snapshots and hand-overs', {
  skip,
}, async (t) => {
  const network = await LoopbackNetwork.claim();
  const [realHost, ourHost] = [network.nextAddress(), network.nextAddress()];
  const real = new RealServer(realHost, scratchFolder(t));
  t.after(async () => {
    await real.stop('SIGKILL');
    network.release();
  });
  real.start();
  await eventually('the real server leads alone', () => real.put('alone', '1'));
  await real.stop('SIGTERM');
  const ours = new OurServer(t, ourHost);
  real.addOurs(`${ourHost}:8300`);
  real.start();

  await eventually('it leads with our vote', () => real.put('b', '2'));
  assert.ok(ours.restoredBytes > 0, 'its state came as a snapshot');
  assert.match(await real.request('GET', '/v1/kv/b?consistent&raw'), /^2$/, 'we confirm that it leads');
  await eventually('we have applied it', () => assert.ok(ours.firstApplied(kvCommand)));
  const command = Buffer.from(ours.firstApplied(kvCommand)?.data ?? []);
  await Promise.all(Array.from({ length: 200 }, (_, i) => real.put(`many/${i}`, 'x'.repeat(2_000))));
  await eventually('we have applied all', () => assert.ok(ours.applied.length >= 201));

  await real.stop('SIGKILL');
  real.start();
  await ours.becomes('leader');
  // The command that set b, for c: a text of one letter behind its length.
  command[command.indexOf(Buffer.from([0xa1, 0x62])) + 1] = 0x63;
  const applied = await new Promise<Applied>((resolve, reject) => {
    ours.node.apply(command, 20_000, (result) => (result.ok ? resolve(result.value) : reject(result.error)));
  });
  await eventually('it has applied ours', async () => {
    const [c] = JSON.parse(await real.request('GET', '/v1/kv/c?stale')) as [
      { Value: string; ModifyIndex: number },
    ];
    assert.deepEqual([c.Value, c.ModifyIndex], ['Mg==', applied.index]);
  });
  assert.equal(await real.request('GET', '/v1/status/leader'), `"${ourHost}:8300"`);

  const handedOver = await new Promise<boolean>((resolve) => {
    ours.node.transferLeadership(undefined, ({ ok }) => resolve(ok));
  });
  assert.ok(handedOver);
  await eventually('it leads again', () => real.put('d', '4'));
  assert.equal(ours.node.state.role, 'follower');
});

/** The first byte of a key/value command. */
const kvCommand = 2;
