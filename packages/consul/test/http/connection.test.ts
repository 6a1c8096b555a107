// Connections: what is answered, in which order, and what becomes of those who are slow or mean harm.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Respond } from '../../dist/http/connection/service.js';
import { keptList } from '../../dist/http/json-text.js';
import { bare, json, nothingToSay } from '../../dist/http/response.js';
import { answer, HttpClient } from '../kit/http-client.ts';

const get = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n';
const answered = answer('["GET","/a",""]');

test('a request is answered in one write, and the connection stays', async () => {
  const client = new HttpClient();
  await client.send(get);
  assert.deepEqual([client.received, client.writes, client.hasEnded], [answered, 1, false]);
});

test('requests that come together are answered one after the other, in order', async () => {
  let running = 0;
  const client = new HttpClient(async (request) => {
    assert.equal(++running, 1);
    await client.settle();
    running--;
    return json(`"${request.path}"`);
  });
  await client.send(['/1', '/2', '/3'].map((path) => get.replace('/a', path)).join(''));
  for (let i = 0; i < 6; i++) await client.settle();
  assert.equal(client.received, ['"/1"', '"/2"', '"/3"'].map((body) => answer(body)).join(''));
});

test('thousands of requests in one packet are answered, whether at once or refused', async () => {
  const count = 5_000;
  const atOnce = new HttpClient(() => json('1'));
  await atOnce.send(get.repeat(count));
  assert.equal(atOnce.received, answer('1').repeat(count));
  const unexpected = new HttpClient();
  await unexpected.send('GET /a HTTP/1.1\r\nHost: a\r\nExpect: foo\r\n\r\n'.repeat(count));
  assert.equal(unexpected.received.match(/ 417 Expectation Failed/g)?.length, count);
});

test('a request may come byte by byte', async () => {
  const client = new HttpClient();
  for (const byte of `PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc`)
    client.connection.onData(Buffer.from(byte));
  await client.settle();
  assert.equal(client.received, answer('["PUT","/a","abc"]'));
});

test('a body in chunks, too, with the next request behind it', async () => {
  const client = new HttpClient();
  const put =
    'PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n';
  for (const byte of put + get) client.connection.onData(Buffer.from(byte));
  await client.settle();
  assert.equal(client.received, answer('["PUT","/a","abc"]') + answered);
});

test('who wants the connection closed gets it closed, after the answer', async () => {
  const client = new HttpClient();
  await client.send(`GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n${get}`);
  assert.deepEqual([client.received, client.hasEnded], [answer('["GET","/a",""]', 'close'), true]);
  await client.pass(500);
  assert.equal(client.isDropped, true);
});

test('HTTP/1.0 is answered as such, and closed unless it asks for more', async () => {
  const client = new HttpClient();
  await client.send('GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
  const old = answered.replace('HTTP/1.1', 'HTTP/1.0');
  assert.equal(client.received, old.replace('\r\n\r\n', '\r\nConnection: keep-alive\r\n\r\n'));
  client.received = '';
  await client.send('GET /a HTTP/1.0\r\n\r\n');
  assert.deepEqual([client.received, client.hasEnded], [old, true]);
});

test('HEAD is answered without a body', async () => {
  const client = new HttpClient();
  await client.send('HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.match(client.received, /\r\nContent-Length: 16\r\n\r\n$/);
  const silent = new HttpClient(async () => nothingToSay);
  await silent.send('HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.equal(silent.received, 'HTTP/1.1 200 OK\r\nDate: now\r\n\r\n');
});

test('a client that asks first is told to go on when its body is wanted', async () => {
  const client = new HttpClient();
  const head = 'PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n';
  await client.send(head);
  assert.equal(client.received, 'HTTP/1.1 100 Continue\r\n\r\n');
  client.received = '';
  await client.send(`abc${get}`);
  assert.equal(client.received, answer('["PUT","/a","abc"]') + answered);
});

test('where nobody wants the body of a client that waits, the connection ends with the answer', async () => {
  const client = new HttpClient(async () => json('1'));
  await client.send('PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n');
  assert.deepEqual([client.received, client.hasEnded], [answer('1', 'close'), true]);
});

test('another expectation is refused', async () => {
  const client = new HttpClient();
  await client.send('PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: foo\r\n\r\nabc');
  assert.match(client.received, /^HTTP\/1\.1 417 Expectation Failed\r\n/);
});

test('what is no request is refused in the words of the original, behind the answers before it', async () => {
  const client = new HttpClient();
  await client.send(`${get}GET /a HTTP/1.1\r\n\r\n${get}`);
  const text = '400 Bad Request: missing required Host header';
  const type = 'Content-Type: text/plain; charset=utf-8';
  assert.equal(client.received, `${answered}HTTP/1.1 ${text}\r\n${type}\r\nConnection: close\r\n\r\n${text}`);
  assert.equal(client.hasEnded, true);
});

test('more than ten thousand headers are 431, however short', async () => {
  const client = new HttpClient(async () => assert.fail('not asked'));
  await client.send(`GET / HTTP/1.1\r\nHost: a\r\n${'a:\r\n'.repeat(10_000)}\r\n`);
  assert.match(client.received, /^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
});

test('T1-13: more than a megabyte of headers is 431, whether or not it ever ends', async () => {
  for (const end of ['', '\r\n\r\n']) {
    const client = new HttpClient();
    await client.send(`GET /a HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(1_100_000)}${end}`);
    assert.match(client.received, /^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
    assert.equal(client.hasEnded, true);
  }
});

test('a body that nobody reads is skipped, and the next request is answered', async () => {
  const client = new HttpClient(async () => json('1'));
  await client.send('GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n');
  assert.equal(client.received, answer('1'));
  for (let i = 0; i < 4; i++) await client.send('x'.repeat(50_000));
  await client.send(get);
  assert.equal(client.received, answer('1') + answer('1'));
});

test('one that is too long to be skipped ends the connection', async () => {
  const long = new HttpClient(async () => json('1'));
  await long.send('GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n');
  assert.deepEqual([long.received, long.hasEnded], [answer('1', 'close'), true]);
  const endless = new HttpClient(async () => json('1'));
  await endless.send('GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  for (let i = 0; i < 300; i++) await endless.send(`400\r\n${'x'.repeat(1_024)}\r\n`);
  assert.equal(endless.hasEnded, true);
});

test('a body that breaks off is an unexpected end, and one that is broken an error of its own', async () => {
  const cut = new HttpClient();
  await cut.send('PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\nabc');
  await cut.end();
  assert.match(cut.received, /Connection: close\r\n\r\n"unexpected EOF"$/);
  const broken = new HttpClient();
  await broken.send(`PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n${get}`);
  assert.match(broken.received, /Connection: close\r\n\r\n"invalid byte in chunk length"$/);
});

test('a client that sends no more is answered, what only waits at once', async () => {
  const client = new HttpClient(
    (request) =>
      new Promise((resolve) => request.signal().addEventListener('abort', () => resolve(json('"as it is"')))),
  );
  await client.send(get);
  await client.end();
  assert.deepEqual([client.received, client.hasEnded], [answer('"as it is"'), true]);
});

test('a client that sends no more within a head is told that this is no request', async () => {
  const client = new HttpClient();
  await client.send('GET /a HTTP/1.1\r\nHost: a\r\n');
  await client.end();
  assert.match(client.received, /\r\n\r\n400 Bad Request$/);
  const silent = new HttpClient();
  await silent.end();
  assert.deepEqual([silent.received, silent.hasEnded], ['', true]);
});

test('a client that has gone is forgotten, with what it waits for', async () => {
  let isAbandoned = false;
  const client = new HttpClient((request) => {
    request.signal().addEventListener('abort', () => {
      isAbandoned = true;
    });
    return new Promise(() => {});
  });
  await client.send(get);
  client.connection.onClosed();
  assert.deepEqual([isAbandoned, client.isGone], [true, true]);
});

test('a head that takes more than a minute is not waited for, however it drips', async () => {
  const client = new HttpClient();
  await client.send('GET /a HTTP/1.1\r\n');
  for (let i = 0; i < 59; i++) {
    await client.pass(1_000);
    await client.send('X: y\r\n');
  }
  assert.equal(client.isDropped, false);
  await client.pass(1_000);
  assert.deepEqual([client.isDropped, client.isGone, client.received], [true, true, '']);
});

test('a body may be slow, but not silent for a minute', async () => {
  const client = new HttpClient();
  await client.send('PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 300\r\n\r\n');
  for (let i = 0; i < 5; i++) {
    await client.pass(59_000);
    await client.send('a');
  }
  assert.equal(client.isDropped, false);
  await client.pass(60_000);
  assert.equal(client.isDropped, true);
});

test('a connection between requests may be idle for ever', async () => {
  const client = new HttpClient();
  await client.send(get);
  await client.pass(100 * 3_600_000);
  await client.send(get);
  assert.equal(client.received, answered + answered);
});

test('who does not read its answer gets no other, and is dropped after a minute', async () => {
  const client = new HttpClient();
  client.isFull = true;
  await client.send(get + get);
  assert.equal(client.received, answered);
  await client.drain();
  assert.equal(client.received, answered + answered);
  client.isFull = true;
  await client.send(get);
  await client.pass(60_000);
  assert.equal(client.isDropped, true);
});

test('a long answer is sent in pieces, each when the one before is taken', async () => {
  const body = 'é'.repeat(400_000);
  const client = new HttpClient(async () => json(body));
  client.isFull = true;
  await client.send(get);
  for (let i = 0; i < 3; i++) {
    assert.ok(client.received.length < (i + 1) * 262_144 + 200);
    client.connection.onDrain();
    await client.settle();
  }
  await client.drain();
  assert.match(client.received, /\r\nContent-Length: 800000\r\n\r\n/);
  assert.equal(client.received.length - client.received.indexOf('\r\n\r\n') - 4, 800_000);
});

test('T1-16: what comes bit by bit is sent in chunks, and ends', async () => {
  async function* ticks() {
    yield Buffer.from('tick\n');
    yield Buffer.from('tock\n');
  }
  const client = new HttpClient(async () => ({ status: 200, headers: [], body: ticks() }));
  await client.send(get);
  const head = 'HTTP/1.1 200 OK\r\nDate: now\r\nTransfer-Encoding: chunked\r\n\r\n';
  assert.equal(client.received, `${head}5\r\ntick\n\r\n5\r\ntock\n\r\n0\r\n\r\n`);
  assert.equal(client.hasEnded, false);
});

test('what breaks off while it is sent is seen to be incomplete', async () => {
  async function* broken() {
    yield Buffer.from('tick\n');
    throw new Error('no more');
  }
  const client = new HttpClient(async () => ({ status: 200, headers: [], body: broken() }));
  await client.send(get);
  assert.equal(client.isDropped, true);
  assert.doesNotMatch(client.received, /0\r\n\r\n$/);
});

test('an answer that comes after its client has gone is told to stop', async () => {
  let isOver = false;
  const body = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => {}),
      return: async () => {
        isOver = true;
        return { done: true as const, value: undefined };
      },
    }),
  };
  let respond = (_: Awaited<ReturnType<Respond>>) => {};
  const client = new HttpClient(
    () =>
      new Promise((resolve) => {
        respond = resolve;
      }),
  );
  await client.send(get);
  client.connection.onClosed();
  respond({ status: 200, headers: [], body });
  await client.settle();
  assert.equal(isOver, true);
});

test('100,000 requests sent ahead wait in the network, and all are answered', async () => {
  let isHeld = true;
  let answers = 0;
  let release = () => {};
  const client = new HttpClient(async () => {
    answers++;
    if (isHeld) await new Promise<void>((resolve) => (release = resolve));
    return bare(200);
  });
  const requests = Buffer.from(get.repeat(1_000));
  let sent = 0;
  const pump = () => {
    for (; sent < 100 && !client.isPaused; sent++) client.connection.onData(new Uint8Array(requests));
  };
  pump();
  assert.deepEqual([sent, client.isPaused], [3, true]);
  isHeld = false;
  release();
  for (let i = 0; i < 100_000 && answers < 100_000; i++) {
    await client.settle();
    pump();
  }
  assert.deepEqual([answers, client.writes], [100_000, 100_000]);
});

test('lists that are too long together are remembered no longer', () => {
  let formatted = 0;
  const list = keptList((item: string) => {
    formatted++;
    return item;
  }, 100);
  const [short, other, long] = [['a'.repeat(60)], ['b'.repeat(60)], ['c'.repeat(101)]];
  for (const items of [short, short, other, other, short, long, long, short]) list(items);
  assert.equal(formatted, 5);
});

test('T1-16: a list that is asked for again is packed, indented and encoded once', async () => {
  let formatted = 0;
  const list = keptList((item: string) => {
    formatted++;
    return `"${item}"`;
  });
  const items = ['é', 'b'];
  const client = new HttpClient(async ({ rawQuery }) => {
    const text = list(items);
    return json(rawQuery === 'pretty' ? text.indented : text);
  });
  await client.send(get);
  await client.send(get.replace('/a', '/a?pretty'));
  await client.send(get);
  const [compact, indented] = ['["\xc3\xa9","b"]', '[\n    "\xc3\xa9",\n    "b"\n]\n'];
  assert.equal(client.received, answer(compact) + answer(indented) + answer(compact));
  client.received = '';
  await client.send(get.replace('\r\n\r\n', '\r\nAccept-Encoding: gzip\r\n\r\n'));
  for (const end = Date.now() + 30_000; client.received === '' && Date.now() < end; ) await client.settle();
  assert.match(client.received, /\r\nContent-Encoding: gzip\r\n/);
  const packed = Buffer.from(client.received.split('\r\n\r\n')[1] ?? '', 'latin1');
  assert.equal(gunzipSync(packed).toString('latin1'), compact);
  assert.equal(formatted, 2);
});
