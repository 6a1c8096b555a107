// The original and ours, asked the same over HTTP, one request after the other: testdata/requests/consul has
// them by area, and here is what does not fit on a line. Each area has two servers of its own.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import {
  ConsulAgent,
  type ConsulCase,
  ConsulPair,
  consul187,
  consulCase,
  consulMissing,
  eventually,
  reeveConsul,
  run,
} from '@reeve/interop';

describe('Consul over HTTP', { skip: consulMissing() }, () => {
  test('T1-1: paths and methods that nobody has', (t) => allTheSame(t, requestsOf('paths')));

  test('T0-9, T0-10, T0-11, T0-12, T0-14: keys and values', async (t) => {
    const longest = 'x'.repeat(524_288);
    await allTheSame(t, [
      ...requestsOf('keys'),
      { line: 'PUT /v1/kv/big', body: longest },
      { line: 'GET /v1/kv/big?raw' },
      { line: 'PUT /v1/kv/big', body: `${longest}x` },
      { line: 'GET /v1/kv/a', headers: { 'X-Consul-Namespace': 'x' } },
    ]);
  });

  test('T0-9, T0-22, T0-23: lists that are too long for one piece', async (t) => {
    const pair = await ConsulPair.start(t);
    for (let at = 0; at < 1_260; at += 21) {
      const operations = Array.from({ length: 21 }, (_, i) => longListOperations(at + i)).flat();
      await pair.same({ line: 'PUT /v1/txn', body: JSON.stringify(operations) });
    }
    for (const path of longLists) await pair.same({ line: `GET ${path}` });
  });

  test('T0-10, T0-15: sessions, and locks that they take', (t) =>
    allTheSame(t, [...requestsOf('sessions'), ...requestsOf('locks')]));

  test('T0-22, T0-23: nodes, services and checks of others, and their health', (t) =>
    allTheSame(t, ['catalog', 'health', 'registering'].flatMap(requestsOf)));

  test('T0-23: whoever is nearer comes first, by the coordinates of nodes', async (t) => {
    const pair = await ConsulPair.start(t);
    for (const asked of requestsOf('coordinates')) await pair.same(asked);
    await pair.answered('GET /v1/coordinate/nodes', /"r1".*"r2".*"r3"/s);
    for (const asked of requestsOf('near')) await pair.same(asked);
  });

  test('T0-23: rtt estimates the same between two nodes, by either command line', async (t) => {
    const agent = await ConsulAgent.startOf(reeveConsul, t, '-node=n1');
    for (const { line, body = '' } of requestsOf('coordinates')) {
      await agent.put(line.replace('PUT ', ''), body);
    }
    await eventually('all have coordinates', async () => {
      assert.ok(Buffer.from(await agent.get('/v1/coordinate/nodes')).includes('"r3"'));
    });
    for (const words of ['r1 r2', 'r3 r1', 'r2', 'r1 nosuch', 'r4 r1', 'r1 r2 r3']) {
      const args = ['rtt', ...words.split(' ')];
      const environment = { CONSUL_HTTP_ADDR: agent.http };
      const theirs = await run(consul187.path, args, environment);
      const { exit, stdout } = await run(reeveConsul.path, args, environment);
      assert.deepEqual([exit, stdout], [theirs.exit, theirs.stdout], words);
      if (words === 'r1 r2') assert.match(stdout, /^Estimated r1 <-> r2 rtt: 22\.000 ms/);
    }
  });

  test('T0-25: user events', (t) => allTheSame(t, requestsOf('events')));

  test('T0-17, T1-4, T1-5: services, checks and maintenance of the agent', async (t) => {
    const output = JSON.stringify({ Status: 'critical', Output: 'o'.repeat(5_000) });
    await allTheSame(t, [
      ...requestsOf('services'),
      { line: 'GET /v1/agent/health/service/name/web', headers: { Accept: 'text/plain' } },
      ...requestsOf('checks'),
      { line: 'PUT /v1/agent/check/update/small', body: output },
      { line: 'GET /v1/health/checks/web' },
      ...requestsOf('maintenance'),
    ]);
  });

  test('T1-1, T0-17: what is refused, in every body and parameter', async (t) => {
    await allTheSame(t, [
      ...requestsOf('refusals'),
      ...['max-age=x', 'max-age=-1', 'max-age=', 'max-age', 'stale-if-error=x'].map((directive) => ({
        line: 'GET /v1/health/service/nope?cached',
        headers: { 'Cache-Control': directive },
      })),
      { line: 'GET /v1/catalog/services', headers: { 'X-Consul-Namespace': 'x' } },
      { line: 'GET /v1/catalog/nodes', headers: { 'X-Consul-Namespace': 'x' } },
    ]);
  });

  test('T0-13: after every write each question has the index that it has with the original', (t) =>
    allTheSame(t, requestsOf('indexes')));

  test('T1-1: blocked endpoints, headers of one’s own, and writes from elsewhere', async (t) => {
    const pair = await ConsulPair.start(
      t,
      `-hcl=http_config {
        block_endpoints = ["/v1/agent/self", "/v1/kv/blocked", "/v1/session/l"]
        response_headers { "X-Own" = "a b", "access-control-allow-origin" = "*" }
        allow_write_http_from = ["127.0.0.1/32"]
      }`,
    );
    const lines = [
      ...['GET /v1/agent/self', 'PUT /v1/agent/self', 'OPTIONS /v1/agent/self', 'GET /v1/agent/members'],
      ...['GET /v1/kv/blocked', 'PUT /v1/kv/blocked/too x', 'PUT /v1/kv/free x', 'DELETE /v1/kv/free'],
      ...[
        'GET /v1/session/list',
        'GET /v1/session/node/n1',
        'GET /v1/nothing',
        'GET /v1/kv//free',
        'PUT /v1/txn []',
      ],
      ...['GET /v1/kv/free?%zz', 'POST /v1/kv/free', 'PUT /v1/session/create', 'HEAD /v1/kv/free'],
    ];
    for (const from of ['127.0.0.1', '127.0.0.2']) {
      for (const line of lines) await pair.same({ ...consulCase(line), from });
    }
  });

  test('T0-2, T1-13: what a configuration changes of the answers', async (t) => {
    const pair = await ConsulPair.start(
      t,
      `-hcl=session_ttl_min = "1s", translate_wan_addrs = true, disable_http_unprintable_char_filter = true
      limits { kv_max_value_size = 10, txn_max_req_len = 20 }, node_meta { a = "b" }
      discovery_max_stale = "5s", check_output_max_size = 8, http_config { use_cache = false }
      disable_coordinates = true`,
    );
    for (const asked of requestsOf('settings')) await pair.same(asked);
  });

  test('T1-1: every endpoint, with methods that it has not, and asked for those it has', async (t) => {
    const pair = await ConsulPair.start(t, '-hcl=connect { enabled = false }');
    for (const path of linesOf('endpoints')) {
      for (const method of ['OPTIONS', 'HEAD', 'PATCH']) await pair.same({ line: `${method} ${path}` });
    }
  });

  test('T1-1: prepared queries and the service mesh, which nobody uses', async (t) => {
    const pair = await ConsulPair.start(t, '-hcl=connect { enabled = false }');
    for (const asked of requestsOf('mesh')) await pair.same(asked);
  });

  test('T0-17, T1-4, T1-5: whatever services and checks are made of', (t) =>
    allTheSame(t, requestsOf('registrations')));

  test('T1-11: operators', (t) => allTheSame(t, requestsOf('operators')));

  test('T2-3: transactions', async (t) => {
    const steps = (count: number): string =>
      JSON.stringify(Array(count).fill({ KV: { Verb: 'set', Key: 'a' } }));
    const value = { KV: { Verb: 'set', Key: 'a', Value: 'A'.repeat(524_292) } };
    await allTheSame(t, [
      consulCase('PUT /v1/session/create -> s2'),
      ...requestsOf('transactions'),
      { line: 'PUT /v1/txn', body: steps(64) },
      { line: 'PUT /v1/txn', body: steps(65) },
      { line: 'PUT /v1/txn', body: JSON.stringify([value]) },
    ]);
  });
});

async function allTheSame(t: TestContext, cases: readonly ConsulCase[]): Promise<void> {
  const pair = await ConsulPair.start(t);
  for (const asked of cases) await pair.same(asked);
}

function requestsOf(area: string): ConsulCase[] {
  return linesOf(area).map(consulCase);
}

function linesOf(area: string): readonly string[] {
  const file = new URL(`../../../testdata/requests/consul/${area}.txt`, import.meta.url);
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

/** A key, a node and a service there. */
function longListOperations(number: number): readonly object[] {
  const Node = `node${number}`;
  const Value = Buffer.from(`<${number}>`.repeat(100)).toString('base64');
  return [
    { KV: { Verb: 'set', Key: `long/${number % 7}/${number}`, Value } },
    { Node: { Verb: 'set', Node: { Node, Address: '10.0.0.1', Meta: { text: '&'.repeat(200) } } } },
    { Service: { Verb: 'set', Node, Service: { Service: 'web', Tags: ['a', `t${number % 3}`], Port: 80 } } },
  ];
}

const longLists = [
  '/v1/kv/long?recurse',
  '/v1/kv/long/?keys',
  '/v1/catalog/nodes?filter=Meta.text+contains+"%26"',
  '/v1/catalog/service/web',
  '/v1/health/service/web',
  '/v1/health/service/web?passing',
  '/v1/internal/ui/nodes',
];
