// Keys and values over HTTP. testdata/golden/consul/http/kv and lock have the originals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpOf } from '../kit/ask-http.js';
import { startLoneServer } from '../kit/lone-server.js';

test('T0-9: a value is written, read as JSON with its indexes, and deleted', async () => {
  const ask = httpOf(startLoneServer().caller);
  assert.equal((await ask('PUT /v1/kv/foo', 'bar')).text, 'true');
  const got = await ask('GET /v1/kv/foo');
  assert.equal(
    got.text,
    '[{"LockIndex":0,"Key":"foo","Flags":0,"Value":"YmFy","CreateIndex":11,"ModifyIndex":11}]',
  );
  assert.deepEqual(got.headers, {
    Vary: 'Accept-Encoding',
    'X-Consul-Index': '11',
    'X-Consul-Lastcontact': '0',
    'X-Consul-Knownleader': 'true',
    'Content-Type': 'application/json',
  });
  assert.equal((await ask('DELETE /v1/kv/foo')).text, 'true');
  assert.equal((await ask('DELETE /v1/kv/foo')).text, 'true');
  assert.equal((await ask('GET /v1/kv/foo')).status, 404);
});

test('T0-9: whoever reads again reads what holds now, of one key or of thousands', async () => {
  const ask = httpOf(startLoneServer().caller);
  const told = async (key: string) => {
    const [entry] = JSON.parse((await ask(`GET /v1/kv/${key}`)).text) as [{ Key: string; Value: string }];
    return `${entry.Key}=${Buffer.from(entry.Value, 'base64')}`;
  };
  const keys = Array.from({ length: 1_100 }, (_, i) => `k${i}`);
  for (const value of ['1', '2']) {
    for (const key of keys) await ask(`PUT /v1/kv/${key}`, key + value);
    for (let round = 0; round < 2; round++)
      for (const key of keys) assert.equal(await told(key), `${key}=${key}${value}`);
  }
});

test('T0-9: an empty value is null', async () => {
  const ask = httpOf(startLoneServer().caller);
  await ask('PUT /v1/kv/empty');
  assert.match((await ask('GET /v1/kv/empty')).text, /"Value":null/);
});

test('T0-9: a missing key is 404 without a body, and with the headers that a watcher needs', async () => {
  const { status, headers, text } = await httpOf(startLoneServer().caller)('GET /v1/kv/nope');
  assert.deepEqual([status, text, headers['X-Consul-Index']], [404, '', '1']);
  assert.equal(headers['X-Consul-Knownleader'], 'true');
  assert.equal(headers['Content-Type'], undefined);
});

test('T0-9: raw is the value alone, and nothing a browser would run', async () => {
  const ask = httpOf(startLoneServer().caller);
  await ask('PUT /v1/kv/page', '<script>');
  const { headers, text } = await ask('GET /v1/kv/page?raw');
  assert.equal(text, '<script>');
  assert.equal(headers['Content-Type'], 'text/plain');
  assert.equal(headers['X-Content-Type-Options'], 'nosniff');
  assert.equal(headers['Content-Security-Policy'], 'sandbox');
});

test('T0-9: recurse has everything below a prefix in the order of bytes, raw or not', async () => {
  const ask = httpOf(startLoneServer().caller);
  for (const key of ['web2', 'web/b', 'web/a', 'other']) await ask(`PUT /v1/kv/${key}`, key);
  const { text } = await ask('GET /v1/kv/web?recurse&raw');
  const keys = (JSON.parse(text) as { Key: string }[]).map(({ Key }) => Key);
  assert.deepEqual(keys, ['web/a', 'web/b', 'web2']);
  assert.equal((await ask('GET /v1/kv/none?recurse')).status, 404);
  await ask('DELETE /v1/kv/web/?recurse');
  assert.equal((await ask('GET /v1/kv/?keys')).text, '["other","web2"]');
});

test('T0-9: keys are cut after the separator, each once, however it is spelt', async () => {
  const ask = httpOf(startLoneServer().caller);
  assert.equal((await ask('GET /v1/kv/?keys')).text, '[]');
  assert.equal((await ask('GET /v1/kv/none?keys')).status, 404);
  for (const key of ['a/b/c', 'a/b/d', 'a/e', 'f']) await ask(`PUT /v1/kv/${key}`, 'x');
  assert.equal((await ask('GET /v1/kv/?keys&separator=/')).text, '["a/","f"]');
  assert.equal((await ask('GET /v1/kv/a/?keys&seperator=/')).text, '["a/b/","a/e"]');
});

test('T0-10: cas=0 only creates, cas=N only changes what has index N', async () => {
  const ask = httpOf(startLoneServer().caller);
  assert.equal((await ask('PUT /v1/kv/c?cas=5', 'x')).text, 'false');
  assert.equal((await ask('PUT /v1/kv/c?cas=0', 'x')).text, 'true');
  assert.equal((await ask('PUT /v1/kv/c?cas=0', 'y')).text, 'false');
  const index = (await ask('GET /v1/kv/c')).headers['X-Consul-Index'];
  assert.equal((await ask(`PUT /v1/kv/c?cas=${index}`, 'y')).text, 'true');
  assert.equal((await ask(`DELETE /v1/kv/c?cas=${index}`)).text, 'false');
  assert.equal((await ask('DELETE /v1/kv/missing?cas=3')).text, 'true');
});

test('T0-10: flags have 64 bits, and every write without them sets them to 0', async () => {
  const ask = httpOf(startLoneServer().caller);
  await ask(`PUT /v1/kv/f?flags=${2n ** 64n - 1n}`, 'x');
  assert.match((await ask('GET /v1/kv/f')).text, /"Flags":18446744073709551615,/);
  await ask('PUT /v1/kv/f', 'y');
  assert.match((await ask('GET /v1/kv/f')).text, /"Flags":0,/);
});

test('T0-11: keys keep slashes, spaces, plus signs, UTF-8; JSON escapes what HTML would read', async () => {
  const ask = httpOf(startLoneServer().caller);
  await ask('PUT /v1/kv/npm%2Fa', 'x');
  assert.match((await ask('GET /v1/kv/npm/a')).text, /"Key":"npm\/a"/);
  await ask('PUT /v1/kv/h%3Cb%3E%26%22q', '<b>');
  assert.match((await ask('GET /v1/kv/h%3Cb%3E%26%22q')).text, /"Key":"h\\u003cb\\u003e\\u0026\\"q"/);
  await ask('PUT /v1/kv/sp%20ace+plus%C3%A9', 'x');
  assert.match((await ask('GET /v1/kv/sp%20ace+plus%C3%A9')).text, /"Key":"sp ace\+plusé"/);
});

test('T0-12: a value above 524288 bytes is 413 with the exact text', async () => {
  const ask = httpOf(startLoneServer().caller);
  assert.equal((await ask('PUT /v1/kv/big', new Uint8Array(524_288))).text, 'true');
  const { status, text } = await ask('PUT /v1/kv/big', new Uint8Array(524_289));
  assert.equal(status, 413);
  assert.equal(
    text,
    'Request body(524289 bytes) too large, max size: 524288 bytes. ' +
      'See https://www.consul.io/docs/agent/options.html#kv_max_value_size.',
  );
});

const refusals: Record<string, [number, string]> = {
  'GET /v1/kv/': [400, 'Missing key name'],
  'PUT /v1/kv/': [400, 'Missing key name'],
  'DELETE /v1/kv/': [400, 'Missing key name'],
  'PUT /v1/kv/a?cas=1&acquire=abc': [400, 'Conflicting flags: acquire=abc&cas=1'],
  'DELETE /v1/kv/a?recurse&cas=1': [400, 'Conflicting flags: cas=1&recurse='],
  'PUT /v1/kv/a?flags=abc': [500, 'strconv.ParseUint: parsing "abc": invalid syntax'],
  'PUT /v1/kv/a?cas=18446744073709551616': [
    500,
    'strconv.ParseUint: parsing "18446744073709551616": value out of range',
  ],
  'PUT /v1/kv/a?acquire=': [500, 'missing session'],
  'GET /v1/kv/a?dc=nope': [500, 'No path to datacenter'],
};

for (const [request, [status, text]] of Object.entries(refusals)) {
  test(`T1-1: ${request} is ${status} ${text}`, async () => {
    const got = await httpOf(startLoneServer().caller)(request);
    assert.deepEqual([got.status, got.text], [status, text]);
  });
}
