// T1-3: what an agent remembers of its servers' answers, and what it says about them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { AgentCache } from '../../dist/http/agent-cache.js';
import { catalogRoutes } from '../../dist/http/routes/catalog.js';
import type { Caller } from '../../dist/rpc/methods/index.js';
import { askOf, httpAgentOf } from '../kit/ask-http.js';
import { startLoneServer } from '../kit/lone-server.js';
import { Replay } from '../kit/replay.js';

test('T1-3: the first request is a miss, later ones are hits, whatever max-age says', async () => {
  const { ask } = start();
  for (const [ID, Service, Tags] of [
    ['w', 'web', ['primary', 'v1']],
    ['r', 'redis', []],
    ['c', 'consul', []],
  ]) {
    const body = { Node: 'dev1', Address: '127.0.0.1', Service: { ID, Service, Tags } };
    await ask('PUT /v1/catalog/register', JSON.stringify(body));
  }
  const replay = new Replay(ask);
  for (const name of ['services-cached-miss', 'services-cached-hit', 'services-cached-maxage0']) {
    await replay.check(`catalog/${name}`);
  }
});

test('T1-3: an answer that is remembered follows what changes, without being asked for', async () => {
  const { ask, server } = start();
  assert.equal((await ask('GET /v1/catalog/service/web?cached')).text, '[]\n');
  await ask('PUT /v1/catalog/register', '{"Node":"n","Address":"a","Service":{"Service":"web"}}');
  await server.run(10);
  const { text, headers } = await ask('GET /v1/catalog/service/web?cached');
  assert.match(text, /"ServiceName": "web"/);
  assert.deepEqual([headers['X-Cache'], headers.Age], ['HIT', '0']);
});

test('T1-3: a request for another index waits for it, or its time', async () => {
  const { ask, server } = start();
  const index = (await ask('GET /v1/catalog/services?cached')).headers['X-Consul-Index'];
  const late = ask(`GET /v1/catalog/services?cached&index=${index}&wait=1s`);
  await server.run(1_100);
  assert.equal((await late).text, '{}\n');
  const news = ask(`GET /v1/catalog/services?cached&index=${index}`);
  await ask('PUT /v1/catalog/register', '{"Node":"n","Address":"a","Service":{"Service":"web"}}');
  await server.run(10);
  assert.match((await news).text, /"web"/);
});

test('T1-3: while the servers are lost the answer stays, and says how old it is', async () => {
  const { ask, server, lose } = start();
  await ask('GET /v1/catalog/services?cached');
  lose();
  server.store.watchers.wakeAll(); // the question in the background returns, and the next one fails
  await server.run(700_000);
  const { status, headers } = await ask('GET /v1/catalog/services?cached');
  assert.equal(status, 200);
  assert.ok(Number(headers.Age) > 10, `Age: ${headers.Age}`);
});

test('T1-3: when the servers are back an answer is as they have it', async () => {
  const { ask, server, lose, find } = start();
  await ask('GET /v1/catalog/services?cached');
  lose();
  server.store.watchers.wakeAll();
  await server.run(700_000);
  find();
  await server.run(2_000); // it asks every second
  await ask('PUT /v1/catalog/register', '{"Node":"n","Address":"a","Service":{"Service":"web"}}');
  await server.run(10);
  const { text, headers } = await ask('GET /v1/catalog/services?cached');
  assert.match(text, /"web"/);
  assert.deepEqual([headers['X-Cache'], headers.Age], ['HIT', '0']);
});

test('T1-3: datacenters are remembered until somebody wants a younger answer', async () => {
  const { ask, server, calls } = start();
  const worth = async (control?: string) => {
    const headers = control === undefined ? {} : { 'cache-control': control };
    const got = await ask('GET /v1/catalog/datacenters?cached', undefined, headers);
    assert.equal(got.text, '[\n    "dc1"\n]\n');
    return [got.headers['X-Cache'], got.headers.Age, calls()];
  };
  assert.deepEqual(await worth(), ['MISS', undefined, 1]);
  await server.run(5_000);
  assert.deepEqual(await worth(), ['HIT', '5', 1]);
  assert.deepEqual(await worth('max-age=6'), ['HIT', '5', 1]);
  assert.deepEqual(await worth('max-age=4'), ['MISS', undefined, 2]);
  assert.deepEqual(await worth('must-revalidate'), ['MISS', undefined, 3]);
  assert.deepEqual(await worth('max-age=0'), ['MISS', undefined, 4]);
  assert.equal((await ask('GET /v1/catalog/datacenters?index=x&wait=y')).status, 200);
});

test('a question to the memory that fails has been answered with nothing', async () => {
  const { ask } = start();
  const { status, headers } = await ask('GET /v1/catalog/service/web?cached&filter=x');
  assert.deepEqual([status, headers['X-Consul-Index'], headers['X-Consul-Knownleader']], [500, '1', 'false']);
});

test('a first request that fails is not remembered', async () => {
  const { ask, lose, find } = start();
  lose();
  assert.equal((await ask('GET /v1/catalog/services?cached')).status, 500);
  find();
  await setImmediate();
  assert.equal((await ask('GET /v1/catalog/services?cached')).headers['X-Cache'], 'MISS');
});

test('whoever asks ever other questions fills the memory to its bound, and is answered still', async () => {
  const { ask, calls } = start();
  for (let i = 0; i < 4_200; i++) await ask(`GET /v1/catalog/service/s${i}?cached`);
  const before = calls();
  assert.equal((await ask('GET /v1/catalog/service/s4199?cached')).headers['X-Cache'], 'MISS');
  assert.equal((await ask('GET /v1/catalog/service/s0?cached')).headers['X-Cache'], 'HIT');
  assert.equal(calls(), before + 1);
});

/** An agent with a cache, whose servers can be lost. */
function start() {
  const server = startLoneServer();
  let isLost = false;
  let calls = 0;
  const caller: Caller = {
    call: async (method, request, signal) => {
      calls++;
      if (isLost) throw new Error('No known Consul servers');
      return server.caller.call(method, request, signal);
    },
  };
  const cache = new AgentCache(caller, server.context.runtime);
  const ask = askOf({ ...httpAgentOf(caller), cache }, catalogRoutes, { alwaysPretty: true });
  const lose = () => {
    isLost = true;
  };
  const find = () => {
    isLost = false;
  };
  return { server, ask, lose, find, calls: () => calls };
}
