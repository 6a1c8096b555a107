// What clients may make an HTTP server hold: bodies that do not end, answers that nobody takes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpBudget } from '../../dist/http/connection/client-budget.js';
import type { Respond } from '../../dist/http/connection/service.js';
import { json } from '../../dist/http/response.js';
import { rescued, soon } from '../../dist/waiting/soon.js';
import { HttpClient } from '../kit/http-client.js';

const get = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n';
const put = (bytes: number) => `PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: ${bytes}\r\n\r\n`;
const mebibyte = new Uint8Array(2 ** 20);

test('a body that is read in pieces waits in the network while nobody takes them', async () => {
  const taken: number[] = [];
  let take = () => {};
  const client = new HttpClient(async (request) => {
    let bytes = 0;
    for await (const piece of request.pieces(10_000_000)) {
      bytes += piece.length;
      taken.push(piece.length);
      await new Promise<void>((resolve) => {
        take = resolve;
      });
    }
    return json(`${bytes}`);
  });
  await client.send(put(3_000_000));
  let sent = 0;
  for (let turn = 0; turn < 1_000 && client.received === ''; turn++) {
    const before = sent;
    for (; !client.isPaused && sent < 3_000_000; sent += 50_000)
      client.connection.onData(new Uint8Array(50_000));
    assert.ok(sent - before <= 300_000, 'it is held back');
    await client.settle();
    take();
    await client.settle();
  }
  assert.match(client.received, /3000000$/);
});

test('a body that is read in pieces is refused when it is too long, or breaks off', async () => {
  for (const [bytes, sent, expected] of [
    [101, 0, /a body of 101 bytes where at most 100 are taken/],
    [90, 50, /unexpected EOF/],
  ] as const) {
    const client = new HttpClient(async (request) => {
      try {
        for await (const piece of request.pieces(100)) assert.ok(piece.length > 0);
        return json('whole');
      } catch (error) {
        return json((error as Error).message, [], 500);
      }
    });
    await client.send(put(bytes));
    await client.send(new Uint8Array(sent));
    await client.end();
    assert.match(client.received, expected);
  }
});

test('bodies that do not end cost their connections when their client has too many of them', async () => {
  const memory = new HttpBudget();
  const client = memory.forClient();
  const read: Respond = (request) =>
    rescued(
      () => soon(request.body(2 ** 21), ({ length }) => json(`${length}`)),
      (error) => json(error.message, [], 500),
    );
  const connections = Array.from({ length: 80 }, () => new HttpClient(read, client));
  for (const connection of connections) {
    await connection.send(put(2 ** 20 + 1));
    await connection.send(mebibyte);
  }
  assert.equal(connections.filter(({ isDropped }) => isDropped).length, 16);
  const small = new HttpClient(read, client);
  await small.send(`${put(3)}abc`);
  assert.match(small.received, /3$/);
  const another = new HttpClient(read, memory.forClient());
  await another.send(put(2 ** 20));
  await another.send(mebibyte);
  assert.match(another.received, /1048576$/);
  for (const connection of connections) connection.connection.onClosed();
  const next = new HttpClient(read, client);
  await next.send(put(2 ** 20));
  await next.send(mebibyte);
  assert.match(next.received, /1048576$/);
});

test('a client that takes no answers is answered no further, until it does', async () => {
  let asked = 0;
  const memory = new HttpBudget().forClient();
  const large = 'x'.repeat(2 ** 20);
  const connections = Array.from({ length: 100 }, () => {
    const client = new HttpClient(async () => {
      asked++;
      return json(large);
    }, memory);
    client.isFull = true;
    return client;
  });
  for (const client of connections) await client.send(get);
  assert.equal(asked, 65);
  for (const client of connections) for (let piece = 0; piece < 5; piece++) await client.drain();
  for (const client of connections) await client.pass(100);
  assert.equal(asked, 100);
});
