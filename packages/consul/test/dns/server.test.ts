// The port: queries over UDP and TCP on virtual time, slow clients, garbage, and real sockets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Endpoint, silentLog } from '@reeve/runtime';
import { createNodeRuntime } from '@reeve/runtime/node';
import fc from 'fast-check';
import { FrameReader, frame } from '../../dist/dns/frame.js';
import { type DnsServer, defaultDnsSettings, Resolver, startDnsServer } from '../../dist/dns/index.js';
import { httpOf } from '../kit/ask-http.ts';
import { type LoneServer, startLoneServer } from '../kit/lone-server.ts';
import { digText, queryOf } from './dig-text.ts';
import { register } from './recorded-catalogs.ts';

const at: Endpoint = { host: '10.0.0.1', port: 8_600 };
const query = queryOf({ name: 'web.service.consul.', type: 'A' });

test('T0-20: over UDP and over TCP, on the same port, on virtual time', async () => {
  const { server } = await start();
  const client = new Client(server);
  client.send(query);
  client.write(...frame(query));
  await server.run(100);
  for (const [answer] of [client.packets, client.messages])
    assert.deepEqual(digText(answer ?? new Uint8Array(0)).answers, ['web.service.consul. 0 IN A 10.0.0.2']);
});

test('many queries on one connection are answered in their order, in whatever pieces they come', async () => {
  const { server } = await start();
  const client = new Client(server);
  const ids = [...Array(20).keys()];
  const bytes = ids.flatMap((id) => frame(queryOf({ name: 'n1.node.consul.', type: 'A' }, id)));
  for (const byte of Buffer.concat(bytes)) client.write(Uint8Array.of(byte));
  await server.run(1_000);
  assert.deepEqual(
    client.messages.map((message) => ((message[0] ?? 0) << 8) | (message[1] ?? 0)),
    ids,
  );
});

test('a client that says it has no more queries is answered, and let go', async () => {
  const { server } = await start();
  const client = new Client(server);
  client.write(...frame(query));
  client.end();
  await server.run(1_000);
  assert.deepEqual([client.messages.length, client.isClosed], [1, true]);
});

test('a connection on which nothing is asked ends after 2 s, one that pauses after 8 s', async () => {
  const { server } = await start();
  const silent = new Client(server);
  const pausing = new Client(server);
  silent.write(Uint8Array.of(0, 40, 1));
  pausing.write(...frame(query));
  await server.run(1_500);
  assert.deepEqual([silent.isClosed, pausing.isClosed], [false, false]);
  await server.run(1_500);
  assert.deepEqual([silent.isClosed, pausing.isClosed], [true, false]);
  await server.run(6_000);
  assert.equal(pausing.isClosed, true);
});

test('one connection is answered 128 queries, and ends', async () => {
  const { server } = await start();
  const client = new Client(server);
  for (let i = 0; i < 200; i++) client.write(...frame(query));
  await server.run(2_000);
  assert.deepEqual([client.messages.length, client.isClosed], [128, true]);
});

test('a query that is longer than any query ends its connection', async () => {
  const { server } = await start();
  const client = new Client(server);
  client.write(Uint8Array.of(0xff, 0xff));
  await server.run(500);
  assert.equal(client.isClosed, true);
});

test('there are at most 512 connections; others are answered when some have ended', async () => {
  const { server } = await start();
  const idle = [...Array(512)].map(() => new Client(server));
  await server.run(200);
  const late = new Client(server);
  late.write(...frame(query));
  await server.run(200);
  assert.deepEqual([late.messages.length, late.isClosed], [0, true]);
  await server.run(3_000);
  assert.ok(idle.every(({ isClosed }) => isClosed));
  const later = new Client(server);
  later.write(...frame(query));
  await server.run(200);
  assert.equal(later.messages.length, 1);
});

test('whatever comes over UDP, the next query is answered', async () => {
  const { server } = await start();
  const client = new Client(server);
  const damaged = fc
    .tuple(fc.nat(query.length - 1), fc.nat(255), fc.nat(query.length))
    .map(([place, byte, end]) => {
      const bytes = query.slice(0, end);
      if (place < bytes.length) bytes[place] = byte;
      return bytes;
    });
  const garbage = fc.uint8Array({ maxLength: 300 });
  for (const bytes of fc.sample(fc.oneof(damaged, garbage), { numRuns: 400, seed: 7 })) client.send(bytes);
  await server.run(1_000);
  client.packets.length = 0;
  client.send(query);
  await server.run(100);
  assert.equal(client.packets.length, 1);
});

test('T0-20: the same port answers over UDP and over TCP on real sockets', async (t) => {
  const { resolver } = await start();
  const runtime = createNodeRuntime({ log: silentLog });
  const server = await bind(runtime, resolver, { host: '127.0.0.1', port: 0 });
  t.after(() => server.close());
  const overTcp = new Promise<Uint8Array>((resolve, reject) => {
    const frames = new FrameReader(65_535);
    const stream = runtime.network.dial(server.local, 5_000, {
      onOpen: () => stream.write(Buffer.concat(frame(query))),
      onData: (chunk) => resolve(frames.push(chunk)[0] ?? chunk),
      onEnd: () => {},
      onClosed: reject,
    });
    t.after(() => stream.destroy());
  });
  const overUdp = new Promise<Uint8Array>((resolve) =>
    runtime.network.bindPackets({ host: '127.0.0.1', port: 0 }, resolve, (bound) => {
      assert.ok(bound.ok);
      t.after(() => bound.value.close());
      bound.value.send(query, server.local);
    }),
  );
  for (const answer of [await overUdp, await overTcp])
    assert.deepEqual(digText(answer).answers, ['web.service.consul. 0 IN A 10.0.0.2']);
});

test('an address that is taken is told', async () => {
  const { server, resolver } = await start();
  const { runtime } = server.context;
  await assert.rejects(() => bind(runtime, resolver, at, server), /address already in use/);
});

async function start(): Promise<{ server: LoneServer; resolver: Resolver }> {
  const server = startLoneServer();
  const node = { Node: 'n1', Address: '10.0.0.2' };
  await register(httpOf(server.caller), { ...node, Service: { Service: 'web', Port: 80 } });
  const { runtime } = server.context;
  const resolver = new Resolver(server.caller, runtime, defaultDnsSettings);
  await bind(runtime, resolver, at, server);
  return { server, resolver };
}

async function bind(
  runtime: LoneServer['context']['runtime'],
  resolver: Resolver,
  where: Endpoint,
  world?: LoneServer,
): Promise<DnsServer> {
  const bound = new Promise<DnsServer>((resolve, reject) =>
    startDnsServer({ runtime, resolver }, where, (result) =>
      result.ok ? resolve(result.value) : reject(result.error),
    ),
  );
  await Promise.race([bound.catch(() => {}), setImmediate()]);
  if (world !== undefined) await world.run(10);
  return bound;
}

/** Somebody who asks, on virtual time. */
class Client {
  readonly packets: Uint8Array[] = [];
  readonly messages: Uint8Array[] = [];
  isClosed = false;
  readonly #stream;
  readonly #waiting: Uint8Array[] = [];
  #socket: { send(packet: Uint8Array, to: Endpoint): void } | undefined;

  constructor({ world }: LoneServer) {
    const { network } = world.host('10.0.0.9').runtime;
    const frames = new FrameReader(65_535);
    this.#stream = network.dial(at, 1_000, {
      onData: (chunk) => this.messages.push(...frames.push(chunk)),
      onEnd: () => this.#stream.end(),
      onClosed: () => {
        this.isClosed = true;
      },
    });
    network.bindPackets(
      { host: '10.0.0.9', port: 0 },
      (packet) => this.packets.push(packet),
      (bound) => {
        if (bound.ok) this.#socket = bound.value;
        for (const packet of this.#waiting.splice(0)) this.#socket?.send(packet, at);
      },
    );
  }

  send(packet: Uint8Array): void {
    if (this.#socket === undefined) this.#waiting.push(packet);
    else this.#socket.send(packet, at);
  }

  write(...parts: readonly Uint8Array[]): void {
    for (const part of parts) this.#stream.write(part);
  }

  end(): void {
    this.#stream.end();
  }
}
