// What all requests have in common: paths, methods, parameters, and how a failure is told.
// testdata/golden/consul/http/root has the originals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownHeaders } from '../../dist/http/own-headers.js';
import { parseQuery } from '../../dist/http/query.js';
import { parseQuestion, type QuestionDefaults } from '../../dist/http/question.js';
import { Refusal } from '../../dist/http/refusal.js';
import type { RawRequest } from '../../dist/http/request.js';
import { type HttpSettings, Responder, type Route } from '../../dist/http/respond.js';
import { type HttpResponse, json, jsonType, nothingToSay, plain } from '../../dist/http/response.js';
import { unwatched, usualHttpSettings } from '../kit/usual-settings.js';

test('an unknown path is 404 without a body, and without any header of ours', async () => {
  assert.deepEqual(await ask('/v1/nope'), { status: 404, headers: {}, body: '' });
});

test('a path is cleaned by a redirect, for every method, with its parameters', async () => {
  const got = await ask('/v1/things//a/../b?x=1');
  assert.deepEqual([got.status, got.headers.Location], [301, '/v1/things/b?x=1']);
  assert.equal(got.body, '<a href="/v1/things/b?x=1">Moved Permanently</a>.\n\n');
  const head = await ask('/v1/things', { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers.Location, head.body], [301, '/v1/things/', '']);
  const put = await ask('/v1/things', { method: 'PUT' });
  assert.deepEqual([put.status, put.headers.Location, put.body], [301, '/v1/things/', '']);
});

test('T1-1: a header of the route counts before one that is configured, but no guess does', async () => {
  const responseHeaders = [
    ['x-lower', 'v'],
    ['Content-Type', 'text/own'],
    ['vary', 'Origin'],
  ] as const;
  const ask = (response: HttpResponse) => ownHeaders(responseHeaders, false)(response).headers;
  const own = [
    ['Vary', 'Origin'],
    ['X-Lower', 'v'],
  ];
  assert.deepEqual(ask(plain('no')), [own[0], ['X-Lower', 'v'], ['Content-Type', 'text/own']]);
  assert.deepEqual(ask(json('{}', [['X-Lower', 'w']])), [own[0], ['X-Lower', 'w'], jsonType]);
});

test('the longest pattern wins', async () => {
  assert.equal((await ask('/v1/things/a')).body, '"below a"');
  assert.equal((await ask('/v1/things/deep/a')).body, '"deep a"');
});

test('a character that cannot be printed in a path is 400, unless the filter is off', async () => {
  assert.deepEqual(await ask('/v1/things/a\u0000b'), { status: 400, headers: {}, body: '' });
  const got = await ask('/v1/things/a\u0001', {}, { refusesUnprintable: false });
  assert.equal(got.status, 200);
});

test('a broken escape among the parameters, or more than ten thousand, is 500 without a body', async () => {
  for (const query of ['%zz', 'a&'.repeat(10_001)]) {
    const got = await ask(`/v1/things/a?${query}`);
    assert.deepEqual(got, { status: 500, headers: { Vary: 'Accept-Encoding' }, body: '' });
  }
  assert.equal((await ask(`/v1/things/a?${'a&'.repeat(9_999)}`)).status, 200);
});

test('a method that a route does not have is 405, and says which it has; HEAD, too', async () => {
  for (const method of ['POST', 'HEAD']) {
    const got = await ask('/v1/things/a', { method });
    assert.deepEqual([got.status, got.headers.Allow], [405, 'OPTIONS,GET,PUT']);
    assert.equal(got.body, `method ${method} not allowed`);
  }
});

test('OPTIONS says which methods a route has', async () => {
  const got = await ask('/v1/things/a', { method: 'OPTIONS' });
  assert.deepEqual([got.status, got.headers.Allow, got.body], [200, 'OPTIONS,GET,PUT', '']);
});

test('a route that throws is status 500 with the message, in plain text without a line end', async () => {
  const got = await ask('/v1/fails');
  assert.deepEqual([got.status, got.body], [500, 'it broke']);
  assert.equal(got.headers['Content-Type'], 'text/plain; charset=utf-8');
});

test('denied permissions are 403 however deep they are in the text', async () => {
  assert.equal((await ask('/v1/denied')).status, 403);
});

test('blocked endpoints and writers from elsewhere are 403', async () => {
  const blocked = await ask('/v1/things/a', {}, { blockEndpoints: ['/v1/thi'] });
  assert.deepEqual([blocked.status, blocked.body], [403, 'Endpoint is blocked by agent configuration']);
  const mayWrite = () => false;
  const restricted = await ask('/v1/things/a', { method: 'PUT' }, { mayWrite });
  assert.deepEqual([restricted.status, restricted.body], [403, 'Access is restricted']);
  assert.equal((await ask('/v1/things/a', {}, { mayWrite })).status, 200);
});

test('JSON is compact, and indented by four spaces with a line end for ?pretty and a dev agent', async () => {
  assert.equal((await ask('/v1/object')).body, '{"a":[1]}');
  const pretty = '{\n    "a": [\n        1\n    ]\n}\n';
  assert.equal((await ask('/v1/object?pretty')).body, pretty);
  assert.equal((await ask('/v1/object', {}, { alwaysPretty: true })).body, pretty);
});

test('an answer with nothing to say has no content type', async () => {
  assert.deepEqual(await ask('/v1/silent'), { status: 200, headers: { Vary: 'Accept-Encoding' }, body: '' });
});

test('headers of the configuration are on every answer of the API', async () => {
  const got = await ask('/v1/fails', {}, { responseHeaders: [['X-My', 'h']], translatesAddresses: true });
  assert.deepEqual([got.headers['X-My'], got.headers['X-Consul-Translate-Addresses']], ['h', 'true']);
});

test('/ leads to the pages, or says what this is', async () => {
  assert.equal((await ask('/')).body, 'Consul Agent');
  assert.equal((await ask('/', {}, { uiPath: '/ui/' })).headers.Location, '/ui/');
});

test('parameters are read as in Go: + is a space, a name may come without a value, and twice', () => {
  const query = parseQuery('a=1+2&b&a=%C3%A9;c=');
  assert.deepEqual(query?.all('a'), ['1 2', 'é']);
  assert.deepEqual([query?.has('b'), query?.get('b'), query?.has('d')], [true, '', false]);
  assert.equal(query?.encode(), 'a=1+2&a=%C3%A9&b=&c=');
});

const defaults: QuestionDefaults = {
  datacenter: 'dc1',
  nodeName: 'n',
  token: 'mine',
  discoveryMaxStaleNs: 0,
};

test('stale, consistent and cached exclude each other where they contradict', () => {
  assertRefused('stale&consistent', 'Cannot specify ?stale with ?consistent, conflicting semantics.');
  assertRefused('cached&consistent', 'Cannot specify ?cached with ?consistent, conflicting semantics.');
  assertRefused('max_stale=x', 'Invalid max_stale value "x"');
  assert.equal(question('max_stale=5s').allowStale, true);
  assert.equal(question('max_stale=0s').allowStale, false);
});

test('discovery_max_stale makes plain questions about the catalog stale, and no others', () => {
  const late = { ...defaults, discoveryMaxStaleNs: 5e9 };
  assert.equal(question('', '/v1/catalog/nodes', late).allowStale, true);
  assert.equal(question('leader', '/v1/health/node/x', late).allowStale, false);
  assert.equal(question('', '/v1/kv/a', late).allowStale, false);
});

test('wait needs a unit and index a number', () => {
  assertRefused('wait=10', 'Invalid wait time');
  assertRefused('index=-1', 'Invalid index');
  assertRefused(`index=${2n ** 64n}`, 'Invalid index');
  const { maxQueryTimeNs, minQueryIndex } = question('wait=15000ms&index=7');
  assert.deepEqual([maxQueryTimeNs, minQueryIndex], [15e9, 7]);
});

test('a token comes from the parameter, a header, a bearer, or the agent', () => {
  const headers = { 'x-consul-token': 'h', authorization: 'Bearer b' };
  assert.equal(question('token=t', '/', defaults, headers).token, 't');
  assert.equal(question('', '/', defaults, headers).token, 'h');
  assert.equal(question('', '/', defaults, { authorization: 'bEARER  b x' }).token, 'b');
  assert.equal(question('').token, 'mine');
});

test('Cache-Control says how old an answer may be', () => {
  const caching = question('cached', '/', defaults, { 'cache-control': 'max-age=0, stale-if-error=60' });
  assert.deepEqual([caching.maxAgeNs, caching.mustRevalidate, caching.staleIfErrorNs], [0, true, 60e9]);
  assert.throws(() => question('cached', '/', defaults, { 'cache-control': 'max-age=x' }), {
    message: 'Invalid Cache-Control header.',
  });
});

const routes: Route<undefined>[] = [
  { pattern: '/v1/things/', methods: ['GET', 'PUT'], handle: (_r, _a, below) => json(`"below ${below}"`) },
  { pattern: '/v1/things/deep/', methods: ['GET'], handle: (_r, _a, below) => json(`"deep ${below}"`) },
  { pattern: '/v1/object', methods: ['GET'], handle: () => json('{"a":[1]}') },
  { pattern: '/v1/silent', methods: ['GET'], handle: () => nothingToSay },
  { pattern: '/v1/fails', methods: ['GET'], handle: () => Promise.reject(new Error('it broke')) },
  {
    pattern: '/v1/denied',
    methods: ['GET'],
    handle: () => Promise.reject(new Error('rpc error making call: Permission denied')),
  },
];

async function ask(target: string, parts: Partial<RawRequest> = {}, settings: Partial<HttpSettings> = {}) {
  const responder = new Responder(routes, undefined, { ...usualHttpSettings, ...settings }, unwatched);
  const { status, headers, body } = await responder.respond({ ...requestTo(target), ...parts });
  return { status, headers: Object.fromEntries(headers), body };
}

function requestTo(target: string, headers: Record<string, string> = {}): RawRequest {
  const [path = '', rawQuery = ''] = target.split('?');
  return {
    method: 'GET',
    target,
    path,
    rawQuery,
    query: parseQuery(rawQuery),
    remoteHost: '127.0.0.1',
    remotePort: 40_000,
    contentLength: undefined,
    header: (name) => headers[name],
    body: async () => new Uint8Array(0),
    async *pieces() {},
    signal: () => new AbortController().signal,
  };
}

function question(
  rawQuery: string,
  path = '/v1/kv/a',
  given = defaults,
  headers: Record<string, string> = {},
) {
  const query = parseQuery(rawQuery);
  assert.ok(query);
  return parseQuestion({ ...requestTo(`${path}?${rawQuery}`, headers), query }, given);
}

function assertRefused(rawQuery: string, text: string): void {
  assert.throws(
    () => question(rawQuery),
    (error) => error instanceof Refusal && error.status === 400 && error.message === text,
  );
}
