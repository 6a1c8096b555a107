// Many who wait for the same change.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownHeads } from '../../dist/http/wire/known-heads.js';
import { parseRequestHead } from '../../dist/http/wire/request-head.js';
import { httpOf, respondOf } from '../kit/ask-http.js';
import { HttpClient } from '../kit/http-client.js';
import { type LoneServer, startLoneServer } from '../kit/lone-server.js';

test('T0-13: who has asked in the same words is told the same, put together once', async () => {
  const { put, clients } = await waiting(['/v1/kv/a?index=11', '/v1/kv/a?index=11', '/v1/kv/a?index=11']);
  await put('a', '2');
  for (const { received, writes, written } of clients) {
    assert.match(received, /^HTTP\/1.1 200 OK\r\n.*X-Consul-Index: 12\r\n.*"Value":"Mg=="/s);
    assert.deepEqual([writes, written], [1, clients[0]?.written]);
    assert.equal(written, clients[0]?.written);
  }
});

test('T0-13: who has asked in other words is told what he asked for, as he asked for it', async () => {
  const a = ['index=11', 'index=11&pretty', 'index=11&raw', 'index=12', 'index=1'];
  const { put, clients } = await waiting([...a.map((query) => `/v1/kv/a?${query}`), '/v1/kv/b?index=11']);
  await put('a', '2');
  const bodies = clients.map(({ received }) => received.split('\r\n\r\n')[1]);
  assert.match(bodies[0] ?? '', /^\[\{"LockIndex":0,.*"Value":"Mg=="/);
  assert.match(bodies[1] ?? '', /^\[\n {4}\{\n/);
  assert.equal(bodies[2], '2');
  assert.match(bodies[4] ?? '', /"Value":"MQ=="/); // that was news before the change
  assert.deepEqual([bodies[3], bodies[5]], [undefined, undefined]);
});

test('T0-13: who wants it packed has it packed, others not', async () => {
  const packed = 'Accept-Encoding: gzip\r\n';
  const target = '/v1/kv/a?index=11';
  const { put, clients } = await waiting([target, target, target], ['', packed, packed]);
  await put('a', '2');
  await clients[0]?.settle();
  const kinds = clients.map(({ received }) => [
    received.includes('"Value":"Mg=="'),
    received.includes('Content-Encoding: gzip'),
  ]);
  assert.deepEqual(kinds, [
    [true, false],
    [false, true],
    [false, true],
  ]);
});

test('T0-13: a key that goes away is missing for all who wait for it, and not packed', async () => {
  const target = '/v1/kv/a?index=11';
  const packed = 'Accept-Encoding: gzip\r\n';
  const { server, clients } = await waiting([target, target], [packed, packed]);
  await httpOf(server.caller)('DELETE /v1/kv/a');
  await server.run(1);
  for (const { received } of clients) {
    assert.match(received, /^HTTP\/1.1 404 .*Content-Length: 0\r\n\r\n$/s);
    assert.doesNotMatch(received, /Content-Encoding/);
  }
});

test('T0-13: each waits for its own time, whenever others have asked the same', async () => {
  const { server, clients, ask } = await waiting(['/v1/kv/a?index=11&wait=16s']);
  await server.run(10_000);
  clients.push(await ask('/v1/kv/a?index=11&wait=16s'));
  const answered = () => clients.map(({ received }) => received.includes('X-Consul-Index: 11'));
  await server.run(8_000);
  assert.deepEqual(answered(), [true, false]);
  await server.run(10_000);
  assert.deepEqual(answered(), [true, true]);
});

test('T0-13: a change that is no news for those who wait wakes them, and they wait on', async () => {
  const target = '/v1/kv/a?index=12&wait=60s';
  const { server, put, clients } = await waiting([target, target]);
  await put('a', '2');
  await server.run(1_000);
  assert.deepEqual(
    clients.map(({ received }) => received),
    ['', ''],
  );
  await put('a', '3');
  for (const { received } of clients) assert.match(received, /X-Consul-Index: 13/);
});

test('T0-14: all who wait consistently in the same words hear that their server leads no more', async () => {
  const target = '/v1/kv/a?index=11&consistent';
  const { server, put, clients } = await waiting([target, target]);
  server.consensus.verifyError = new Error('leadership lost');
  await put('a', '2');
  for (const { received } of clients) assert.match(received, /^HTTP\/1.1 500 .*leadership lost$/s);
});

test('T0-13: instances of a service are told to all who wait for them', async () => {
  const { server, put, clients } = await waiting(['/v1/health/service/web?index=1', '/v1/kv/a?index=11']);
  const ask = httpOf(server.caller);
  await ask('PUT /v1/catalog/register', '{"Node":"n","Address":"10.0.0.9","Service":{"Service":"web"}}');
  await put('a', '2');
  assert.match(clients[0]?.received ?? '', /"Service":"web"/);
});

test('heads of requests that wait are kept once, and not many of them', () => {
  const heads = new KnownHeads();
  const head = (index: number) => parseRequestHead(`GET /v1/kv/a?index=${index} HTTP/1.1\r\nHost: here\r\n`);
  const first = heads.common(head(0));
  assert.equal(heads.common(head(0)), first);
  for (let index = 1; index <= 600; index++) heads.common(head(index));
  assert.notEqual(heads.common(head(0)), first);
});

/** Clients of one server who wait for what they ask for, beside one key `a` of index 11. */
async function waiting(targets: readonly string[], headers: readonly string[] = []) {
  const server: LoneServer = startLoneServer();
  const write = httpOf(server.caller);
  await write('PUT /v1/kv/a', '1');
  const first = new HttpClient(respondOf(server.caller));
  const ask = async (target: string, lines = ''): Promise<HttpClient> => {
    const client = new HttpClient(undefined, undefined, first);
    await client.send(`GET ${target} HTTP/1.1\r\nHost: here\r\n${lines}\r\n`);
    return client;
  };
  const clients: HttpClient[] = [];
  for (const [at, target] of targets.entries()) clients.push(await ask(target, headers[at]));
  const put = async (key: string, value: string) => {
    await write(`PUT /v1/kv/${key}`, value);
    await server.run(1);
  };
  return { server, put, ask, clients };
}
