// Watches of a configuration: what is refused, and who is told what. consul.md 6.5.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@reeve/cli';
import { parseWatches } from '../../dist/agent/watches/parse-watches.js';
import { ConsulClient } from '../../dist/api/client.js';
import { parseWatch } from '../../dist/watch/parse-watch.js';
import { retryMs } from '../../dist/watch/run-watch.js';
import { WatchParameters } from '../../dist/watch/watch-parameters.js';
import { scratchFolder, startAgent } from '../kit/run-agent.ts';

const isUp = 'Consul agent running!\n';
const args = ['true'];
/** How complaints of Go's decoder begin. */
const unfit = '1 error(s) decoding:\n\n* ';
const truly = '"args":[]interface {}{"true"}';

/** Definitions, and what the original says of them. */
const refusals: readonly (readonly [definition: JsonObject, sentence: string])[] = [
  [{}, `${failed('"handler_type":"script"')}Watch type must be specified`],
  [{ type: '' }, `${failed('"handler_type":"script"')}Watch type must be specified`],
  [{ type: 'nosuch' }, `${failed('')}Unsupported watch type: nosuch`],
  [
    {
      type: 'nosuch',
      args: ['a', 'b'],
      extra: 1.5,
      deep: { a: [{ b: true }] },
      nul: null,
      s: 'q"\n\u00e9\u0001',
    },
    `${failed(
      '"args":[]interface {}{"a", "b"}, "deep":map[string]interface {}{"a":[]interface {}{' +
        'map[string]interface {}{"b":true}}}, "extra":1.5, "nul":interface {}(nil), "s":"q\\"\\n\u00e9\\x01"',
    )}Unsupported watch type: nosuch`,
  ],
  [{ type: 'key' }, `${failed('')}Must specify a single key to watch`],
  [{ type: 'key', key: 'a' }, 'Must define a watch handler'],
  [{ type: 'key', key: 1, args: 'true' }, `${failed('"args":"true", "key":1')}Expecting key to be a string`],
  [
    { type: 1, args },
    `${failed(`${truly}, "handler_type":"script", "type":1`)}Expecting type to be a string`,
  ],
  [{ type: 'key', key: 'a', args: 1 }, 'Watch args must be a list of strings'],
  [{ type: 'key', key: 'a', args: ['true', 2] }, 'Watch args must be a list of strings'],
  [{ type: 'key', key: 'a', handler: ['true', 'b'] }, 'Watch handler must be a string'],
  [{ type: 'key', key: 'a', handler: 'true', args }, 'Only one watch handler allowed'],
  [
    { type: 'key', key: 'a', handler_type: 'http' },
    `${failed('"key":"a"')}Handler type 'http' requires 'http_handler_config' to be set`,
  ],
  [http({}), `${failedHttp('')}Requires 'path' to be set`],
  [
    http({ path: 1 }),
    `${failedHttp('"path":1')}${unfit}'path' expected type 'string', got unconvertible type 'float64'`,
  ],
  [
    http({ path: 'http://x', timeout: '5' }),
    failedHttp('"path":"http://x", "timeout":"5"') +
      'Failed to parse timeout: time: missing unit in duration "5"',
  ],
  [
    { type: 'key', key: 'a', handler_type: 'http', http_handler_config: 'x' },
    failed('"http_handler_config":"x", "key":"a"') +
      "Failed to parse 'http_handler_config': '' expected a map, got 'string'",
  ],
  [
    http({ path: 'http://x', header: { a: 'b' } }),
    failedHttp('"header":map[string]interface {}{"a":"b"}, "path":"http://x"') +
      `${unfit}'header[a]': source data must be an array or slice, got string`,
  ],
  [
    { type: 'key', key: 'a', http_handler_config: { path: 'http://x' }, args },
    failed('"http_handler_config":map[string]interface {}{"path":"http://x"}') +
      'Invalid parameters: [http_handler_config]',
  ],
  [{ type: 'key', handler_type: 'carrier pigeon' }, "Handler type 'carrier pigeon' not recognized"],
  [{ type: 'key', handler_type: 7 }, "Handler type '%!s(float64=7)' not recognized"],
  [{ type: 'key', key: 'a', args, foo: 'bar' }, `${failed('"foo":"bar"')}Invalid parameters: [foo]`],
  [
    { type: 'key', key: 'a', args, stale: 'yes' },
    `${failed(`${truly}, "key":"a", "stale":"yes"`)}Expecting stale to be a boolean`,
  ],
  [{ type: 'connect_roots', args }, 'Watch type connect_roots is not allowed in agent config'],
  [{ type: 'service', args }, `${failed(truly)}Must specify a single service to watch`],
  [
    { type: 'service', service: 'a', tag: 7, args },
    `${failed(`${truly}, "tag":7`)}Expecting tag to be a string or []string`,
  ],
  [
    { type: 'service', service: 'a', tag: ['a', 7], args },
    `${failed(`${truly}, "tag":[]interface {}{"a", 7}`)}Index 1 of tag expected to be string`,
  ],
  [
    { type: 'checks', service: 'a', state: 'passing', args },
    `${failed(truly)}Cannot specify service and state`,
  ],
  [{ type: 'event', stale: true, args }, `${failed('"stale":true')}Invalid parameters: [stale]`],
  [{ type: 'nodes', args, n: 123456789012 }, `${failed('"n":1.23456789012e+11')}Invalid parameters: [n]`],
];

test('a state that checks do not have is refused when it is asked for, and not before', async () => {
  const { query } = parseWatch(new WatchParameters({ type: 'checks', state: 'foo' }));
  const nobody = { scheme: 'http', address: '127.0.0.1:1', isSocket: false, token: '' } as const;
  const tls = { rejectUnauthorized: true };
  const client = new ConsulClient({ ...nobody, datacenter: '', namespace: '', basicAuth: '', tls });
  await assert.rejects(query(client, undefined, new AbortController().signal), {
    message: 'Unsupported state: foo',
  });
});

test('T1-15: a watch that cannot be run is refused in the words of the original', () => {
  for (const [definition, sentence] of refusals) {
    assert.throws(() => parseWatches([definition], () => {}), new Error(sentence));
  }
});

test('T1-15: an agent whose watches are refused does not start', async (t) => {
  const run = await startAgent(t, '-dev', await configured(t, [{ type: 'key', key: 'a' }]));
  assert.equal(await run.ended, 1);
  assert.match(run.stdout, /\[ERROR\] agent: Error starting agent: error="Must define a watch handler"\n/);
});

test('T1-15: a program is told at the start, though there is no key yet, and at every change', async (t) => {
  const told = join(scratchFolder(t), 'told');
  const words = ['sh', '-c', `cat >> ${told}; echo $CONSUL_INDEX >> ${told}; echo told; echo well >&2`];
  const run = await startAgent(t, '-dev', await configured(t, [{ type: 'key', key: 'a', args: words }]));
  await run.printed('output="told\nwell\n"\n');
  assert.match(readFileSync(told, 'utf8'), /^null\n\d+\n$/);
  await run.ask('PUT /v1/kv/a', 'val1');
  await until(() => readFileSync(told, 'utf8').split('\n').length === 5);
  const second = /^null\n\d+\n(.*)\n(\d+)\n$/.exec(readFileSync(told, 'utf8')) ?? [];
  const [, json = '{}', index] = second;
  const { ModifyIndex, Value } = JSON.parse(json);
  assert.deepEqual([Value, `${ModifyIndex}`], ['dmFsMQ==', index]);
});

test('T1-15: what a program says is logged, its last 4 KiB, and how it failed', async (t) => {
  const failing = { type: 'nodes', handler: "head -c 5000 /dev/zero | tr '\\0' x; exit 3" };
  const run = await startAgent(t, '-dev', await configured(t, [failing, { type: 'nodes', args: ['/no/x'] }]));
  await run.printed('"Captured 4096 of 5000 bytes\n...\nxxx');
  assert.match(run.stdout, /Failed to run watch handler: watch_handler="head .*" error="exit status 3"\n/);
  await run.printed('watch_handler=[/no/x] error="fork/exec /no/x: no such file or directory"\n');
});

test('T1-15: who listens to HTTP gets the result, the index and the configured headers', async (t) => {
  const hook = await listen(t);
  const config = { path: hook.url, header: { 'x-foo': ['bar', 'baz'] }, timeout: '5s' };
  const watch = { type: 'services', handler_type: 'http', http_handler_config: config };
  const run = await startAgent(t, '-dev', await configured(t, [watch]));
  await run.printed(isUp);
  await run.ask('PUT /v1/agent/service/register', '{"Name":"hooked"}');
  await until(() => hook.bodies.includes('{"consul":[],"hooked":[]}\n'));
  const { method, url, headers } = hook.requests.at(-1) ?? {};
  assert.deepEqual([method, url], ['POST', '/hook']);
  assert.equal(headers?.['content-type'], 'application/json');
  assert.equal(headers?.['x-foo'], 'bar, baz');
  assert.match(`${headers?.['x-consul-index']}`, /^\d+$/);
  const names = hook.requests.at(-1)?.rawHeaders.filter((_, i) => i % 2 === 0);
  assert.equal(
    names?.join(' '),
    'Host User-Agent Content-Length Content-Type X-Consul-Index X-Foo X-Foo Accept-Encoding Connection',
  );
});

test('T1-15: a watch that fails is tried again after 5 s, 20 s, 45 s, and at most 180 s', async (t) => {
  assert.deepEqual([1, 2, 3, 5, 6, 7].map(retryMs), [5_000, 20_000, 45_000, 125_000, 180_000, 180_000]);
  const run = await startAgent(t, '-dev', await configured(t, [{ type: 'agent_service', args }]));
  const reason = 'error="Unexpected response code: 404 (unknown service ID: )"';
  await run.printed(`[ERROR] agent.watch.watch: Watch errored: type=agent_service ${reason} retry=5s\n`);
});

test('T1-15: a service of the agent itself is told with its hash, and with the index 0', async (t) => {
  const watch = { type: 'agent_service', service_id: 'web', args: ['sh', '-c', 'cat; echo $CONSUL_INDEX'] };
  const flag = await configured(t, [watch], { services: [{ name: 'web' }] });
  const run = await startAgent(t, '-dev', flag);
  await run.printed('"EnableTagOverride":false,"ContentHash":"5a07705c3d245800"}\n0\n"\n');
  assert.match(run.stdout, /agent\.watch\.watch: Handler only supports index-based {2}watches/);
});

test('T1-15: a reload ends the watches there were and starts others; a bad one leaves none', async (t) => {
  const folder = scratchFolder(t);
  const file = join(folder, 'watches.json');
  const saying = (word: string) => [{ type: 'key', key: 'a', args: ['echo', word] }];
  await writeFile(file, JSON.stringify({ watches: saying('first') }));
  const run = await startAgent(t, '-dev', `-config-file=${file}`);
  await run.printed('watch_handler=[echo, first] output="first\n"\n');
  await writeFile(file, JSON.stringify({ watches: saying('second') }));
  run.signal('SIGHUP');
  await run.printed('watch_handler=[echo, second] output="second\n"\n');
  await writeFile(file, JSON.stringify({ watches: [{ type: 'key', key: 'a' }] }));
  const answer = await run.ask('PUT /v1/agent/reload');
  assert.deepEqual(answer, { status: 500, text: 'Failed reloading watches: Must define a watch handler' });
  await run.ask('PUT /v1/kv/a', 'changed');
  await writeFile(file, JSON.stringify({ watches: saying('third') }));
  run.signal('SIGHUP');
  await run.printed('watch_handler=[echo, third] output="third\n"\n');
  assert.equal(run.stdout.match(/output="first/g)?.length, 1);
  assert.equal(run.stdout.match(/output="second/g)?.length, 1);
});

/** The flag for a file with these watches. */
async function configured(
  t: TestContext,
  watches: readonly JsonObject[],
  more: JsonObject = {},
): Promise<string> {
  const file = join(scratchFolder(t), 'watches.json');
  await writeFile(file, JSON.stringify({ watches, ...more }));
  return `-config-file=${file}`;
}

interface Hook {
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
  readonly bodies: readonly string[];
}

async function listen(t: TestContext): Promise<Hook> {
  const requests: IncomingMessage[] = [];
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    requests.push(request);
    bodies.push((await request.setEncoding('utf8').toArray()).join(''));
    response.end('thanks');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, requests, bodies };
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !holds(); await sleep(20)) {
    assert.ok(Date.now() < end, 'it did not happen in 60 s');
  }
}

function http(config: JsonObject): JsonObject {
  return { type: 'key', key: 'a', handler_type: 'http', http_handler_config: config };
}

function failed(left: string): string {
  return `Failed to parse watch (map[string]interface {}{${left}}): `;
}

function failedHttp(config: string): string {
  const left = failed(`"http_handler_config":map[string]interface {}{${config}}, "key":"a"`);
  return `${left}Failed to parse 'http_handler_config': `;
}
