// Keys and values: `/v1/kv/KEY`. Upstream: agent/kvs_endpoint.go.

import { compactJson } from '@reeve/cli';
import { type KeyOperation, type KeyValue, keyValueCodec } from '../../core/index.ts';
import { keyValueJson, loneKeyValueJson } from '../../json/answers/key-value.ts';
import { type KeyQuery, type KeyValues, kvs, type QueryOptions } from '../../rpc/methods/index.ts';
import { rescued, type Soon, soon } from '../../waiting/soon.ts';
import type { HttpAgent } from '../agent.ts';
import { signalOf } from '../ask.ts';
import { longList } from '../long-text.ts';
import type { Query } from '../query.ts';
import { metaHeaders, parseQuestion, refuseNamespace, requireUint } from '../question.ts';
import { Refusal, refuse } from '../refusal.ts';
import { BodyTooLarge, type HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { bare, type Header, type HttpResponse, json, jsonBoolean, saidLength } from '../response.ts';

/** Everything below `/v1/kv/`. */
export const kvRoute: Route<HttpAgent> = {
  pattern: '/v1/kv/',
  methods: ['GET', 'PUT', 'DELETE'],
  handle(request, agent, key) {
    const options = parseQuestion(request, agent.defaults);
    refuseNamespace(request);
    if (request.method === 'PUT') return put(request, agent, options, key);
    if (request.method === 'DELETE') return remove(request, agent, options, key);
    return request.query.has('keys')
      ? listKeys(request, agent, options, key)
      : get(request, agent, options, key);
  },
};

function get(request: HttpRequest, agent: HttpAgent, options: QueryOptions, key: string): Soon<HttpResponse> {
  const isRecursive = request.query.has('recurse');
  if (!isRecursive) requireKey(key);
  const method = isRecursive ? kvs.list : kvs.get;
  const question: KeyQuery = { key, ...options };
  return soon(agent.caller.call(method, question, signalOf(request, options)), (found) => {
    const [first] = found.entries ?? [];
    if (first === undefined) return bare(404, metaHeaders(found));
    if (isRecursive) return json(longList(found.entries, keyValueJson), metaHeaders(found));
    if (request.query.has('raw')) return raw(first, found);
    return json(loneKeyValueJson(first), metaHeaders(found));
  });
}

/** The value itself, and nothing a browser would run. */
function raw({ value }: KeyValue, found: KeyValues): HttpResponse {
  const headers: Header[] = [
    saidLength,
    ['Content-Security-Policy', 'sandbox'],
    ['Content-Type', 'text/plain'],
    ['X-Content-Type-Options', 'nosniff'],
  ];
  return { status: 200, headers: [...metaHeaders(found), ...headers], body: value };
}

async function listKeys(
  request: HttpRequest,
  agent: HttpAgent,
  options: QueryOptions,
  prefix: string,
): Promise<HttpResponse> {
  const { query } = request;
  const separator = query.has('separator') ? query.get('separator') : query.get('seperator');
  const question = { prefix, separator, ...options };
  const found = await agent.caller.call(kvs.listKeys, question, signalOf(request, options));
  const isMissing = (found.keys ?? []).length === 0 && prefix !== '';
  return isMissing
    ? bare(404, metaHeaders(found))
    : json(longList(found.keys, compactJson), metaHeaders(found));
}

function put(request: HttpRequest, agent: HttpAgent, options: QueryOptions, key: string): Soon<HttpResponse> {
  const { query } = request;
  requireKey(key);
  refuseTogether(query, ['cas', 'acquire', 'release']);
  const flags = query.has('flags') ? requireUint(query.get('flags')) : 0n;
  const { operation, index, session } = putOperation(query);
  return soon(bodyOf(request, agent.limits.kvValueBytesMax), (value) => {
    const entry = { key, flags, session, value, lockIndex: 0, createIndex: 0, modifyIndex: index };
    const done = apply(agent, options, operation, entry);
    return soon(done, (isDone) => jsonBoolean(isDone || operation === 'set'));
  });
}

function putOperation(query: Query): { operation: KeyOperation; index: number; session: string } {
  if (query.has('cas')) return { operation: 'cas', index: indexOf(query), session: '' };
  if (query.has('acquire')) return { operation: 'lock', index: 0, session: query.get('acquire') };
  if (query.has('release')) return { operation: 'unlock', index: 0, session: query.get('release') };
  return { operation: 'set', index: 0, session: '' };
}

async function remove(
  request: HttpRequest,
  agent: HttpAgent,
  options: QueryOptions,
  key: string,
): Promise<HttpResponse> {
  const { query } = request;
  refuseTogether(query, ['recurse', 'cas']);
  if (!query.has('recurse')) requireKey(key);
  if (query.has('cas')) {
    const entry = { ...noEntry, key, modifyIndex: indexOf(query) };
    return jsonBoolean(await apply(agent, options, 'delete-cas', entry));
  }
  await apply(agent, options, query.has('recurse') ? 'delete-tree' : 'delete', { ...noEntry, key });
  return jsonBoolean(true);
}

function apply(
  agent: HttpAgent,
  { datacenter, token }: QueryOptions,
  operation: KeyOperation,
  entry: KeyValue,
): Soon<boolean> {
  return agent.caller.call(kvs.apply, { datacenter, token, operation, entry });
}

function bodyOf(request: HttpRequest, bytesMax: number): Soon<Uint8Array> {
  return rescued(
    () => request.body(bytesMax),
    (error) => {
      if (!(error instanceof BodyTooLarge)) throw error;
      throw new Refusal(
        413,
        `Request body(${error.bytes} bytes) too large, max size: ${bytesMax} bytes. ` +
          'See https://www.consul.io/docs/agent/options.html#kv_max_value_size.',
      );
    },
  );
}

function requireKey(key: string): void {
  if (key === '') refuse('Missing key name');
}

function refuseTogether(query: Query, names: readonly string[]): void {
  if (names.filter((name) => query.has(name)).length > 1) refuse(`Conflicting flags: ${query.encode()}`);
}

/** The index to compare with. One beyond a number's precision has no entry. */
function indexOf(query: Query): number {
  return Math.min(Number(requireUint(query.get('cas'))), Number.MAX_SAFE_INTEGER);
}

const noEntry = keyValueCodec.zero();
