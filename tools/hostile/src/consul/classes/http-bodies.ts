// Bodies that are slow, deep, wide or large, and questions that cost more than they look.

import { stream } from '../../hostile-class.ts';
import { type ConsulClass, type ConsulInput, endless, streamsTo } from '../consul-class.ts';
import { httpRequest, promisedBody } from '../wire/http.ts';

/** Everything behind a head. */
export const httpBodies: ConsulClass = {
  name: 'http-bodies',
  title: 'HTTP: slow bodies, deep and wide JSON, huge transactions, filters without end',
  *inputs({ isBrief }) {
    const connections = isBrief ? 40 : 190;
    for (let left = connections; left > 0; left--)
      yield endless(
        'http',
        promisedBody('PUT', '/v1/catalog/register', 2_000_000),
        Buffer.alloc(65_536, 0x20),
        30,
      );
    for (let left = 64; left > 0; left--)
      yield stream('http', slow(promisedBody('PUT', '/v1/kv/slow', 500_000), isBrief ? 20 : 200), 50);
    for (const target of targets) {
      const size = isBrief ? 200_000 : 2_000_000;
      yield* streamsTo(
        'http',
        bodies(size).map((body) => httpRequest('PUT', target, body)),
      );
    }
    for (const target of ['/v1/kv/large', '/v1/txn', '/v1/snapshot'])
      for (const length of [2 ** 31, 2 ** 53, '18446744073709551615', '0x10', '1e9'])
        yield stream('http', [promisedBody('PUT', target, length, 'x')]);
    const chunked = Buffer.from('PUT /v1/kv/c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
    yield endless('http', chunked, Buffer.from('1\r\na\r\n'.repeat(10_000)), 100);
    yield endless('http', chunked, Buffer.from(`1;${'x'.repeat(1_000)}\r\na\r\n`.repeat(60)), 100);
    const operation = { KV: { Verb: 'set', Key: 'k', Value: '' } };
    yield stream('http', [httpRequest('PUT', '/v1/txn', JSON.stringify(Array(10_000).fill(operation)))]);
    yield* questions();
  },
};

function* questions(): Iterable<ConsulInput> {
  const filters = [
    '('.repeat(50_000),
    'not '.repeat(20_000),
    `${'Node == a and '.repeat(20_000)}Node == a`,
    `Node matches "${'(a+)+'.repeat(2_000)}$"`,
    `Node matches "${'(a{1000}){1000}'}"`,
    `"${'x'.repeat(200_000)}" in ServiceTags`,
  ];
  for (const filter of filters)
    yield stream('http', [httpRequest('GET', `/v1/catalog/nodes?filter=${encodeURIComponent(filter)}`)]);
  const json = 'Accept-Encoding: gzip\r\nContent-Encoding: gzip\r\n';
  yield stream('http', [
    httpRequest('PUT', '/v1/catalog/register', Buffer.from('1f8b08000000', 'hex'), json),
  ]);
  for (const wait of ['99999999h', '-1s', '1e400s', 'x'.repeat(10_000)])
    yield stream('http', [httpRequest('GET', `/v1/kv/a?index=99999999999999999999&wait=${wait}`)]);
}

/** As JSON can be worst for who reads it. */
function bodies(size: number): string[] {
  return [
    '['.repeat(size),
    '{"a":'.repeat(size / 5),
    `[${'0,'.repeat(size / 2)}0]`,
    `{${'"a":1,'.repeat(size / 6)}"b":1}`,
    `{"Node":"n","Address":"a","Checks":[${'{},'.repeat(size / 3)}{}]}`,
    `{"Node":"n","Address":"a","Service":{"Service":"s","Tags":[${'"",'.repeat(size / 3)}""]}}`,
    `{"Name":"n","Tags":["${'\\u0000'.repeat(size / 6)}"]}`,
    `"${'\\'.repeat(size)}`,
    `1${'0'.repeat(size)}`,
  ];
}

function* slow(bytes: Uint8Array, drops: number): Generator<Uint8Array> {
  yield bytes;
  for (let left = drops; left > 0; left--) yield Buffer.of(0x61);
}

const targets = [
  '/v1/agent/service/register',
  '/v1/agent/check/register',
  '/v1/catalog/register',
  '/v1/session/create',
  '/v1/txn',
  '/v1/coordinate/update',
  '/v1/operator/autopilot/configuration',
];
