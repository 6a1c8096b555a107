// Where the original makes a difference between nothing, null and an empty list. consul.md 3.1, 3.6, 3.9.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpOf } from '../kit/ask-http.js';
import { startLoneServer } from '../kit/lone-server.js';

test('T0-15: null is another list of checks than none, in the old field and in the new one', async () => {
  const ask = httpOf(startLoneServer().caller);
  await ask('PUT /v1/catalog/register', '{"Node":"dev1","Address":"10.0.0.1"}');
  const checksOf = async (body: string): Promise<unknown> => {
    const { ID } = JSON.parse((await ask('PUT /v1/session/create', body)).text);
    return JSON.parse((await ask(`GET /v1/session/info/${ID}`)).text)[0].NodeChecks;
  };
  assert.equal(await checksOf('{"Node":"dev1","NodeChecks":null}'), null);
  assert.deepEqual(await checksOf('{"Node":"dev1","NodeChecks":[]}'), []);
  assert.deepEqual(await checksOf('{"Node":"dev1","Checks":null}'), []);
});

test('T0-22: the services of a node without any are null, unless a filter was asked for', async () => {
  const ask = httpOf(startLoneServer().caller);
  await ask('PUT /v1/catalog/register', '{"Node":"e1","Address":"10.0.0.1"}');
  assert.match((await ask('GET /v1/catalog/node-services/e1')).text, /"Services":null}$/);
  assert.match((await ask('GET /v1/catalog/node-services/e1?filter=Port==1')).text, /"Services":\[\]}$/);
});

test('T1-1: a path is made clean and given its slash in one redirect', async () => {
  const { status, headers } = await httpOf(startLoneServer().caller)('GET /v1/kv/.');
  assert.deepEqual([status, headers.Location], [301, '/v1/kv/']);
});

test('T1-11: the health of an unhealthy cluster is indented like JSON, which it is not called', async () => {
  const answer = await httpOf(startLoneServer().caller)('GET /v1/operator/autopilot/health?pretty');
  assert.deepEqual([answer.status, answer.headers['Content-Type']], [429, 'text/plain; charset=utf-8']);
  assert.match(answer.text, /^\{\n {4}"Healthy": false,\n/);
});
