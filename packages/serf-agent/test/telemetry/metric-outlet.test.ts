// Numbers on their way to a server: batched, bounded, and never waited for.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { MetricOutlet, type MetricServer } from '../../dist/telemetry/metric-outlet.js';

/** A server that can be reached or not, and remembers what it got. */
class FakeServer implements MetricServer {
  readonly kind = 'fake';
  readonly batchBytesMax = 100;
  readonly batches: string[] = [];
  isUp = true;
  tries = 0;
  isClosed = false;
  lose = (_error: Error): void => {};

  async connect(onLost: (error: Error) => void) {
    this.tries++;
    if (!this.isUp) throw new Error('nobody there');
    this.lose = onLost;
    return {
      send: (batch: Uint8Array) => void this.batches.push(new TextDecoder().decode(batch)),
      close: async () => {
        this.isClosed = true;
      },
    };
  }
}

test('[79] what comes within 100 ms leaves in one batch, each value with six decimals', async (t) => {
  const { server, outlet, pass } = await start(t);
  outlet.write('counter', 'a', 1);
  outlet.write('sample', 'b.c', 0.0442754);
  await pass(99);
  outlet.write('gauge', 'd', 12_958_736);
  assert.deepEqual(server.batches, []);
  await pass(1);
  assert.deepEqual(server.batches, ['a:1.000000|c\nb.c:0.044275|ms\nd:12958736.000000|g\n']);
  await pass(1_000);
  assert.equal(server.batches.length, 1, 'nothing to say, nothing sent');
});

test('a batch is at most as long as the server takes, and lines stay whole', async (t) => {
  const { server, outlet, pass } = await start(t);
  for (let i = 10; i < 60; i++) outlet.write('counter', `name${i}`, 1);
  await pass(100);
  const lines = server.batches.flatMap((batch) => batch.split(/(?<=\n)/));
  assert.deepEqual(
    lines,
    Array.from({ length: 50 }, (_, i) => `name${i + 10}:1.000000|c\n`),
  );
  assert(server.batches.every((batch) => batch.length <= server.batchBytesMax));
  assert.equal(server.batches.length, 10, 'five lines of 18 bytes in each');
});

test('after a failure numbers are dropped for 5 s, then a new connection is tried', async (t) => {
  const { server, outlet, pass, log } = await start(t);
  server.isUp = false;
  outlet.write('counter', 'lost', 1);
  server.lose(new Error('gone'));
  for (let round = 1; round <= 3; round++) {
    outlet.write('counter', 'lost', 1);
    await pass(4_999);
    assert.equal(server.tries, round);
    await pass(1);
  }
  server.isUp = true;
  await pass(5_000);
  outlet.write('counter', 'back', 1);
  await pass(100);
  assert.deepEqual(server.batches, ['back:1.000000|c\n']);
  assert.deepEqual(log, ['err agent: Error writing to fake! Err: gone'], 'one line a minute');
});

test('while it connects at most 4096 numbers wait', async (t) => {
  const { server, outlet, pass } = await start(t);
  for (let i = 0; i < 5_000; i++) outlet.write('counter', 'x', 1);
  await pass(100);
  assert.equal(server.batches.join('').split('\n').length - 1, 4096);
});

test('at the end what waits is sent, and nothing afterwards', async (t) => {
  const { server, outlet, pass } = await start(t);
  outlet.write('counter', 'last', 1);
  await outlet.close();
  outlet.write('counter', 'late', 1);
  server.lose(new Error('as expected'));
  await pass(10_000);
  assert.deepEqual([server.batches, server.isClosed, server.tries], [['last:1.000000|c\n'], true, 1]);
});

async function start(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const server = new FakeServer();
  const log: string[] = [];
  const outlet = new MetricOutlet(server, (level, text) => void log.push(`${level} ${text}`));
  const pass = async (ms: number): Promise<void> => {
    t.mock.timers.tick(ms);
    await new Promise(setImmediate);
  };
  await pass(0);
  return { server, outlet, pass, log };
}
