// T2-4: snapshots on the server port: saved and restored where the leader is, whoever is asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { encodeWith, gossipDialect, MsgpackReader } from '@reeve/bytes';
import { type Endpoint, type Log, type NetworkStream, type StreamHandler, silentLog } from '@reeve/runtime';
import { VirtualWorld } from '@reeve/runtime/virtual';
import {
  callSnapshot,
  ServedSnapshot,
  type ServeSnapshot,
  type SnapshotRequest,
  snapshotOperations,
} from '../../dist/rpc/snapshot/index.js';
import { snapshotRequestCodec, snapshotResponseCodec } from '../../dist/rpc/snapshot/snapshot-messages.js';

import { Cluster } from '../kit/cluster.js';

const meta = { index: 7, lastContactNs: 0, knownLeader: true, consistencyLevel: '' };
const save: SnapshotRequest = {
  datacenter: 'dc1',
  token: '',
  allowStale: false,
  operation: snapshotOperations.save,
};

test('T2-4: a follower saves and restores the state of the leader', async () => {
  const cluster = new Cluster();
  const servers = await cluster.startThree();
  await cluster.until(() => servers.some((server) => server.context.leadership.isEstablished), 60_000);
  const follower = servers.find((server) => !server.consensus.isLeader);
  assert.ok(follower);
  const ask = cluster.ask(follower);
  await ask('PUT /v1/kv/a', 'saved');
  const saved = await cluster.settle(follower.serveSnapshot(save, from([])));
  assert.ok(saved.meta.index > 1 && saved.meta.knownLeader);
  const archive = await cluster.settle(collect(saved.archive));
  await ask('PUT /v1/kv/a', 'changed');
  const restore = { ...save, operation: snapshotOperations.restore };
  const pieces = [archive.subarray(0, 100), archive.subarray(100)];
  await cluster.settle(follower.serveSnapshot(restore, from(pieces)));
  for (const server of servers) {
    const isRestored = () => server.context.store.tables.keyValues.get('a')?.value.length === 'saved'.length;
    await cluster.until(isRestored, 30_000);
  }
  assert.equal((await ask('GET /v1/kv/a?raw')).text, 'saved');
  assert.equal((await ask('PUT /v1/kv/a', 'after')).text, 'true');
});

test('T2-4: a stale save is any server’s own, a stale restore nobody’s', async () => {
  const cluster = new Cluster();
  const server = await cluster.start('s1', {});
  const stale = { ...save, allowStale: true };
  await assert.rejects(cluster.settle(server.serveSnapshot(save, from([]))), {
    message: 'No cluster leader',
  });
  await assert.rejects(cluster.settle(server.serveSnapshot({ ...save, datacenter: 'dc2' }, from([]))), {
    message: 'No path to datacenter',
  });
  const restore = { ...stale, operation: snapshotOperations.restore };
  await assert.rejects(cluster.settle(server.serveSnapshot(restore, from([]))), {
    message: 'stale not allowed for restore',
  });
  await assert.rejects(cluster.settle(server.serveSnapshot({ ...stale, operation: 9 }, from([]))), {
    message: 'unrecognized snapshot op 9',
  });
});

test('what the server says is wrong reaches who asked', async () => {
  const port = new Port(() => Promise.reject(new Error('Permission denied')));
  await assert.rejects(port.settle(port.call(save, [])), { message: 'Permission denied' });
});

test('an archive of many pieces arrives whole, in both directions', async () => {
  const bytes = Buffer.alloc(300_000, 'archive');
  const received: Uint8Array[] = [];
  const port = new Port(async (request, archive) => {
    assert.deepEqual(request, { ...save, operation: 1 });
    received.push(await collect(archive));
    return { meta, archive: from([bytes.subarray(0, 7), bytes.subarray(7)]) };
  });
  const reply = await port.settle(
    port.call({ ...save, operation: 1 }, [bytes.subarray(0, 9), bytes.subarray(9)]),
  );
  assert.deepEqual(reply.meta, meta);
  assert.deepEqual(await port.settle(collect(reply.archive)), bytes);
  assert.deepEqual(received, [bytes]);
});

test('what follows a request to save is not kept', async () => {
  let got = 0;
  const port = new Port(async (_request, archive) => {
    got = (await collect(archive)).length;
    return { meta, archive: from([]) };
  });
  await port.settle(port.call(save, [Buffer.alloc(100_000)]));
  assert.equal(got, 0);
});

test('an archive that fails in the middle is cut off, with a line in the log', async () => {
  const lines: string[] = [];
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('some');
    throw new Error('disk');
  }
  const port = new Port(
    async () => ({ meta, archive: failing() }),
    (_level, line) => lines.push(line),
  );
  const { archive } = await port.settle(port.call(save, []));
  assert.equal(String(await port.settle(collect(archive))), 'some');
  assert.equal(lines.length, 1);
  assert.match(lines.join(), /failed to stream snapshot: disk/);
});

test('nobody listens: the call fails as the connection does', async () => {
  const port = new Port(() => assert.fail('not asked'));
  await assert.rejects(port.settle(port.call(save, [], 9)), /connection refused/);
});

test('what is no request is logged and turned away', async () => {
  const lines: string[] = [];
  const port = new Port(
    () => assert.fail('not asked'),
    (_level, line) => lines.push(line),
  );
  for (const bytes of ['c1', `db7fffffff${'00'.repeat(100)}`, '81a2']) {
    await port.settle(port.raw(Buffer.from(bytes, 'hex')));
  }
  assert.equal(lines.length, 3);
  for (const line of lines) assert.match(line, /^consul\.rpc: snapshot: failed to decode request: /);
});

test('a server that ends without an answer, or with another one, is an error', async () => {
  const answers: readonly [string, RegExp][] = [
    ['', /failed to decode response: EOF|closed/],
    ['c1', /failed to decode response: /],
  ];
  for (const [hex, message] of answers) {
    const world = new VirtualWorld({ seed: 3 });
    const { network } = world.host('10.0.0.1').runtime;
    const accept: Parameters<typeof network.listen>[1] = (stream) => ({
      onData() {
        stream.write(Buffer.from(hex, 'hex'));
        stream.end();
      },
      onEnd() {},
      onClosed() {},
    });
    network.listen({ host: '10.0.0.1', port: 8300 }, accept, () => {});
    world.run(10);
    const call = callSnapshot(network, { host: '10.0.0.1', port: 8300 }, save, from([]));
    await assert.rejects(passing(world, call), message);
  }
});

test('request and response have the names of the original', () => {
  const names = (bytes: Uint8Array) =>
    Buffer.from(bytes)
      .toString('latin1')
      .match(/[A-Z]\w+/g);
  assert.deepEqual(names(encodeWith(snapshotRequestCodec, gossipDialect, save)), [
    'AllowStale',
    'Datacenter',
    'Op',
    'Token',
  ]);
  const response = encodeWith(snapshotResponseCodec, gossipDialect, { ...meta, error: '' });
  assert.equal(snapshotResponseCodec.decode(new MsgpackReader(response)).index, 7);
  assert.deepEqual(names(response), ['ConsistencyLevel', 'Error', 'Index', 'KnownLeader', 'LastContact']);
});

test('an archive that stops half-way ends its restore, so that others get their turn', async () => {
  let end = '';
  const lines: string[] = [];
  const port = new Port(
    async (_request, archive) => {
      await collect(archive).catch((error: Error) => {
        end = error.message;
      });
      return { meta, archive: from([]) };
    },
    (_level, line) => lines.push(line),
  );
  assert.equal(await port.begin(new Uint8Array(100_000), 59_000), false);
  assert.equal(await port.begin(new Uint8Array(100_000), 130_000), true);
  assert.equal(end, 'the archive does not go on');
  assert.match(lines.join(), /consul\.rpc: snapshot: nothing comes: conn=10\.0\.0\.1:/);
});

test('an archive for the leader waits where it comes from while the leader takes nothing', async () => {
  const leader = new HeldLeader();
  const source = new Source();
  const call = leader.call({ ...save, operation: snapshotOperations.restore }, source);
  await rounds();
  assert.equal(source.given, 1);
  leader.take();
  await rounds();
  assert.equal(source.given, 2);
  leader.answer('no');
  await assert.rejects(call, { message: 'no' });
  await rounds();
  assert.deepEqual([source.given, source.isOver, leader.isLeft], [2, true, true]);
});

test('an archive that nobody takes waits at the leader, and is left when nobody wants it', async () => {
  const leader = new HeldLeader();
  const call = leader.call(save, from([]));
  leader.answer();
  const { archive } = await call;
  for (let left = 3; left > 0; left--) leader.send(new Uint8Array(1024 * 1024));
  assert.equal(leader.isPaused, true);
  const pieces = archive[Symbol.asyncIterator]();
  for (let left = 3; left > 0; left--) assert.equal((await pieces.next()).done, false);
  assert.deepEqual([leader.isPaused, leader.isLeft], [false, false]);
  await pieces.return?.();
  assert.equal(leader.isLeft, true);
});

/** A leader that takes and says what it is told to. */
class HeldLeader {
  isPaused = false;
  isLeft = false;
  #isFull = false;
  #handler: StreamHandler | undefined;

  call(request: SnapshotRequest, archive: AsyncIterable<Uint8Array>) {
    const { network } = new VirtualWorld({ seed: 4 }).host('10.0.0.2').runtime;
    const dial = (remote: Endpoint, _timeoutMs: number, handler: StreamHandler): NetworkStream => {
      this.#handler = handler;
      return this.#stream(remote);
    };
    return callSnapshot({ ...network, dial }, { host: '10.0.0.1', port: 8300 }, request, archive);
  }

  /** All that was written. */
  take(): void {
    this.#isFull = false;
    this.#handler?.onDrain?.();
  }

  send(bytes: Uint8Array): void {
    this.#handler?.onData(bytes);
  }

  answer(error = ''): void {
    this.send(encodeWith(snapshotResponseCodec, gossipDialect, { ...meta, error }));
  }

  #stream(remote: Endpoint): NetworkStream {
    const leader = this;
    const write = () => {
      leader.#isFull = true;
    };
    return {
      remote,
      get isFull() {
        return leader.#isFull;
      },
      write,
      writeAll: write,
      end() {},
      destroy: () => {
        leader.isLeft = true;
      },
      pause: () => {
        leader.isPaused = true;
      },
      resume: () => {
        leader.isPaused = false;
      },
    };
  }
}

/** An archive without end. */
class Source implements AsyncIterable<Uint8Array> {
  given = 0;
  isOver = false;

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        this.given++;
        yield new Uint8Array(1_000);
      }
    } finally {
      this.isOver = true;
    }
  }
}

/** Whatever is to follow without time passing has followed. */
async function rounds(): Promise<void> {
  for (let left = 5; left > 0; left--) await setImmediate();
}

/** A server port that knows snapshots only. */
class Port {
  readonly #world = new VirtualWorld({ seed: 2 });
  readonly #network = this.#world.host('10.0.0.1').runtime.network;

  constructor(serve: ServeSnapshot, log: Log = silentLog) {
    const { timers } = this.#world.host('10.0.0.1').runtime;
    this.#network.listen(
      { host: '10.0.0.1', port: 8300 },
      (stream) => {
        const served = new ServedSnapshot(stream, serve, { timers, log });
        let isTyped = false;
        return {
          onData(chunk) {
            served.onData(isTyped ? chunk : chunk.subarray(1));
            isTyped = true;
          },
          onEnd: () => served.onEnd(),
          onClosed: (error) => served.onClosed(error),
        };
      },
      () => {},
    );
    this.#world.run(10);
  }

  call(request: SnapshotRequest, archive: readonly Uint8Array[], port = 8300) {
    return callSnapshot(this.#network, { host: '10.0.0.1', port }, request, from(archive));
  }

  /** Sends bytes after the first one; resolves when the connection is gone. */
  raw(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      const stream = this.#network.dial({ host: '10.0.0.1', port: 8300 }, 1000, {
        onData() {},
        onEnd() {},
        onClosed: () => resolve(),
      });
      stream.write(Buffer.concat([Uint8Array.of(5), bytes]));
      stream.end();
    });
  }

  /** Begins to send an archive, and lets so much time pass; true when the connection is gone. */
  async begin(archive: Uint8Array, ms: number): Promise<boolean> {
    let isGone = false;
    const gone = () => {
      isGone = true;
    };
    const handler = { onData() {}, onEnd: gone, onClosed: gone };
    const stream = this.#network.dial({ host: '10.0.0.1', port: 8300 }, 1000, handler);
    const restore = { ...save, operation: snapshotOperations.restore };
    stream.write(Buffer.concat([Uint8Array.of(5), encodeWith(snapshotRequestCodec, gossipDialect, restore)]));
    stream.write(archive);
    for (let left = ms; left > 0; left -= 1_000) {
      this.#world.run(1_000);
      await setImmediate();
    }
    return isGone;
  }

  settle<T>(promise: Promise<T>): Promise<T> {
    return passing(this.#world, promise);
  }
}

async function passing<T>(world: VirtualWorld, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = () => {
    isSettled = true;
  };
  promise.then(settled, settled);
  for (let turn = 0; !isSettled; turn++) {
    assert.ok(turn < 10_000, 'not settled');
    await setImmediate();
    world.run(5);
  }
  return promise;
}

async function collect(archive: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of archive) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* from(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
