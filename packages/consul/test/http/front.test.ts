// Real sockets: what becomes of a request, and what leaves as a response. The client is Node's.

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createNodeRuntime } from '@reeve/runtime/node';
import { HttpFront } from '../../dist/http/connection/front.js';
import type { Respond } from '../../dist/http/connection/service.js';
import { BodyTooLarge } from '../../dist/http/request.js';
import { bare, json, nothingToSay } from '../../dist/http/response.js';

test('escapes in a path are resolved, the slash among them', async () => {
  await withFront(
    async ({ path, rawQuery }) => json(JSON.stringify([path, rawQuery])),
    async (ask) => {
      const { body } = await ask({ path: '/v1/kv/npm%2Fa%20b%C3%A9?raw=%41' });
      assert.equal(body.toString(), '["/v1/kv/npm/a bé","raw=%41"]');
    },
  );
});

test('an answer says its length and nothing about the connection, which stays', async () => {
  await withFront(
    async () => nothingToSay,
    async (ask) => {
      const { response } = await ask({ path: '/' });
      assert.equal(response.headers['content-length'], '0');
      assert.equal(response.headers['content-type'], undefined);
      assert.equal(response.headers.connection, undefined);
    },
  );
});

test('T1-16: who takes gzip gets gzip, however short the answer', async () => {
  await withFront(
    async () => json('"x"'),
    async (ask) => {
      const { response, body } = await ask({
        path: '/',
        headers: { 'accept-encoding': 'deflate, gzip;q=0.5' },
      });
      assert.equal(response.headers['content-encoding'], 'gzip');
      assert.equal(gunzipSync(body).toString(), '"x"');
      const refused = await ask({ path: '/', headers: { 'accept-encoding': 'gzip;q=0' } });
      assert.equal(refused.body.toString(), '"x"');
    },
  );
});

const refuseLarge: Respond = async (asked) => {
  try {
    return json(`${(await asked.body(10)).length}`);
  } catch (error) {
    assert.ok(error instanceof BodyTooLarge);
    return bare(413);
  }
};

test('T0-12: a body that says it is too large is refused before it is read', async () => {
  await withFront(refuseLarge, async (ask) => {
    assert.equal((await ask({ method: 'PUT', path: '/' }, Buffer.alloc(10))).body.toString(), '10');
    assert.equal((await ask({ method: 'PUT', path: '/' }, Buffer.alloc(11))).response.statusCode, 413);
  });
});

test('a body in chunks without end is refused as soon as it is too large', async () => {
  await withFront(refuseLarge, async (_ask, port) => {
    const socket = connect(port, '127.0.0.1');
    socket.write('PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
    const timer = setInterval(() => socket.write('5\r\nabcde\r\n'), 5);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    clearInterval(timer);
    assert.match(answer.toString(), /^HTTP\/1\.1 413 /);
    await once(socket, 'close');
  });
});

test('what comes bit by bit is sent bit by bit, and ends when the client goes', async () => {
  let isOver = false;
  async function* ticks() {
    try {
      for (;;) yield Buffer.from('tick\n');
    } finally {
      isOver = true;
    }
  }
  await withFront(
    async () => ({ status: 200, headers: [], body: ticks() }),
    async (_ask, port) => {
      const outgoing = request({ port, host: '127.0.0.1', path: '/' }).end();
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      await once(response, 'data');
      outgoing.destroy();
      response.on('error', () => {});
      for (const end = Date.now() + 30_000; !isOver && Date.now() < end; ) await new Promise(setImmediate);
      assert.equal(isOver, true);
    },
  );
});

test('who goes away is no longer waited for', async () => {
  const asked = new EventEmitter();
  const respond: Respond = (request) => {
    request.signal().addEventListener('abort', () => asked.emit('abandoned'));
    asked.emit('waits');
    return new Promise(() => {});
  };
  await withFront(respond, async (_ask, port) => {
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(asked, 'waits');
    socket.destroy();
    await once(asked, 'abandoned');
  });
});

test('T1-13: an address with enough connections has a further one closed, without a word', async () => {
  await withFront(
    async () => nothingToSay,
    async (_ask, port) => {
      const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      const third = connect(port, '127.0.0.1');
      third.on('error', () => {});
      await once(third, 'close');
      for (const socket of sockets) socket.destroy();
    },
    2,
  );
});

type Ask = (options: RequestOptions, body?: Buffer) => Promise<{ response: IncomingMessage; body: Buffer }>;

async function withFront(
  respond: Respond,
  check: (ask: Ask, port: number) => Promise<void>,
  connectionsPerClientMax = 200,
): Promise<void> {
  let port = 0;
  const runtime = createNodeRuntime({ log: () => {} });
  const front = await HttpFront.start({ runtime, respond, connectionsPerClientMax }, (accept, done) =>
    runtime.network.listen({ host: '127.0.0.1', port: 0 }, accept, (result) => {
      if (result.ok) port = result.value.local.port;
      done(result);
    }),
  );
  const ask: Ask = async (options, body) => {
    const outgoing = request({ ...options, host: '127.0.0.1', port });
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { response, body: await buffer(response) };
  };
  try {
    await check(ask, port);
  } finally {
    await front.close();
  }
}
