// Statsd and statsite on real sockets.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, before, type TestContext, test } from 'node:test';
import { connectStatsd } from '../../dist/telemetry/statsd.js';
import { connectStatsite } from '../../dist/telemetry/statsite.js';

// Connections of ours do not keep a process alive; here something has to.
let awake: NodeJS.Timeout;
before(() => {
  awake = setInterval(() => {}, 1_000);
});
after(() => clearInterval(awake));

test('[79] statsd gets each batch as one datagram', async (t) => {
  const { socket, address } = await statsd(t);
  const connection = await connectStatsd(address).connect(assert.fail);
  const received = once(socket, 'message');
  connection.send(Buffer.from('a:1.000000|c\n'));
  assert.equal(`${(await received)[0]}`, 'a:1.000000|c\n');
  await connection.close();
  connection.send(Buffer.from('too late'));
});

test('that nobody listens for statsd is noticed once', async (t) => {
  const { socket, address } = await statsd(t);
  let losses = 0;
  const lost = new Promise<Error>((resolve) => {
    const onLost = (error: Error): void => {
      losses++;
      resolve(error);
    };
    void connectStatsd(address)
      .connect(onLost)
      .then(async (connection) => {
        socket.close();
        await once(socket, 'close');
        for (let i = 0; i < 3; i++) connection.send(Buffer.from('x'));
      });
  });
  assert.match((await lost).message, /ECONNREFUSED/);
  await new Promise(setImmediate);
  assert.equal(losses, 1);
});

test('[79] statsite gets the batches as one stream', async (t) => {
  const { connected, address } = await statsite(t);
  const connection = await connectStatsite(address).connect(assert.fail);
  const received: Buffer[] = [];
  const socket = (await connected).on('data', (chunk) => received.push(chunk));
  const ended = once(socket, 'end');
  connection.send(Buffer.from('a:1.000000|c\n'));
  connection.send(Buffer.from('b:2.000000|ms\n'));
  await connection.close();
  await ended;
  assert.equal(Buffer.concat(received).toString(), 'a:1.000000|c\nb:2.000000|ms\n');
});

test('a statsite server that goes away is noticed', async (t) => {
  const { connected, address } = await statsite(t);
  const lost = new Promise<Error>((resolve) => void connectStatsite(address).connect(resolve));
  (await connected).destroy();
  assert((await lost) instanceof Error);
});

test('a statsite server that takes nothing costs about a mebibyte, not more', async (t) => {
  const { connected, address } = await statsite(t);
  const connection = await connectStatsite(address).connect(() => {});
  const socket = (await connected).pause();
  const batch = Buffer.alloc(64 * 1024, 'x');
  for (let i = 0; i < 1_000; i++) connection.send(batch);
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  socket.resume();
  await connection.close();
  assert(bytes > 0 && bytes < 16 * 1024 * 1024, `${bytes} bytes went through`);
});

test('an address without a port cannot be connected to', async () => {
  for (const server of [connectStatsd('127.0.0.1'), connectStatsite('127.0.0.1')])
    await assert.rejects(server.connect(assert.fail), {
      message: 'address 127.0.0.1: missing port in address',
    });
});

async function statsd(t: TestContext) {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  let isOpen = true;
  socket.on('close', () => {
    isOpen = false;
  });
  t.after(() => {
    if (isOpen) socket.close();
  });
  return { socket, address: `127.0.0.1:${socket.address().port}` };
}

async function statsite(t: TestContext) {
  const server = createServer({ allowHalfOpen: false }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connected = once(server, 'connection').then(([socket]) => socket as Socket);
  t.after(async () => {
    (await connected).destroy();
    server.close();
  });
  return { connected, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}
