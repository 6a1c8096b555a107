// What most requests have in common: datacenter, token, consistency, waiting, filter; and the headers that
// answer it. Upstream: agent/http.go (parse, parseConsistency, parseCacheControl, parseWait, setMeta).

import { parseDuration, quote } from '@reeve/cli';
import type { TextMap } from '../core/index.ts';
import { noQueryOptions, type QueryMeta, type QueryOptions, type QuerySource } from '../rpc/methods/index.ts';
import { refuse, refuseBadRequest } from './refusal.ts';
import type { HttpRequest } from './request.ts';
import type { Header } from './response.ts';

/** What of an agent's configuration decides how questions are read. */
export interface QuestionDefaults {
  readonly datacenter: string;
  readonly nodeName: string;
  /** The token of requests that bring none. */
  readonly token: string;
  /** `discovery_max_stale`: above 0, questions about the catalog and health may be answered so late. */
  readonly discoveryMaxStaleNs: number;
}

/**
 * How a request wants its answer. Whoever adds to it spreads it last: what is added behind a spread costs V8
 * a microsecond.
 */
export function parseQuestion(request: HttpRequest, defaults: QuestionDefaults): QueryOptions {
  const { allowStale, requireConsistent, useCache, maxStaleNs } = consistencyOf(request, defaults);
  const { maxAgeNs, mustRevalidate, staleIfErrorNs } = cachingOf(request);
  const { maxQueryTimeNs, minQueryIndex } = waitingOf(request);
  return {
    datacenter: datacenterOf(request, defaults),
    token: tokenOf(request, defaults),
    minQueryIndex,
    maxQueryTimeNs,
    allowStale,
    requireConsistent,
    useCache,
    maxStaleNs,
    maxAgeNs,
    mustRevalidate,
    staleIfErrorNs,
    filter: request.query.get('filter'),
  };
}

/** The same of a question that has no index to wait for: whatever it says about waiting is not read. */
export function parseBriefQuestion(request: HttpRequest, defaults: QuestionDefaults): QueryOptions {
  const brief = { datacenter: defaults.datacenter, token: tokenOf(request, defaults) };
  return { ...noQueryOptions, ...brief, ...consistencyOf(request, defaults), ...cachingOf(request) };
}

/** `?dc=`, or our own. */
export function datacenterOf({ query }: HttpRequest, defaults: QuestionDefaults): string {
  return query.get('dc') || defaults.datacenter;
}

/** `?token=`, `X-Consul-Token`, `Authorization: Bearer`, or the agent's, in this order. */
export function tokenOf(request: HttpRequest, defaults: QuestionDefaults): string {
  const given = request.query.get('token') || request.header('x-consul-token');
  return given || bearerOf(request.header('authorization') ?? '') || defaults.token;
}

/** Who asks, and near whom (`?near=`) answers are to be. */
export function sourceOf(request: HttpRequest, defaults: QuestionDefaults): QuerySource {
  const near = request.query.get('near');
  return {
    datacenter: datacenterOf(request, defaults),
    segment: '',
    node: near === '_agent' ? defaults.nodeName : near,
    ip: request.remoteHost,
  };
}

/** `?node-meta=key:value`, as often as wanted; null if not at all. */
export function nodeMetaOf({ query }: HttpRequest): TextMap | null {
  if (!query.has('node-meta')) return null;
  return new Map(
    query.all('node-meta').map((pair) => {
      const colon = pair.indexOf(':');
      return colon < 0 ? [pair, ''] : [pair.slice(0, colon), pair.slice(colon + 1)];
    }),
  );
}

/** The headers that say what an answer is worth. An index is never 0: clients would not wait for it. */
export function metaHeaders(meta: QueryMeta): readonly Header[] {
  const headers: Header[] = [
    indexHeader(meta.index),
    ['X-Consul-Lastcontact', `${Math.max(0, Math.floor(meta.lastContactNs / nsPerMs))}`],
    ['X-Consul-Knownleader', `${meta.knownLeader}`],
  ];
  if (meta.consistencyLevel !== '') headers.push(['X-Consul-Effective-Consistency', meta.consistencyLevel]);
  return headers;
}

/** The index alone; see `metaHeaders`. */
export function indexHeader(index: number | bigint): Header {
  return ['X-Consul-Index', `${index || 1}`];
}

/** What is said of namespaces. */
export const namespaceFeature = 'Namespaces are a Consul Enterprise feature';

/** Namespaces are refused where upstream knows them. */
export function refuseNamespace(request: HttpRequest): void {
  if ((request.header('x-consul-namespace') ?? '') !== '') {
    refuseBadRequest(`Invalid header: "X-Consul-Namespace" - ${namespaceFeature}`);
  }
  if (request.query.get('ns') !== '') refuseBadRequest(`Invalid query parameter: "ns" - ${namespaceFeature}`);
}

function bearerOf(authorization: string): string {
  if (authorization === '') return '';
  const [, token = ''] = /^bearer +([^ ]*)/i.exec(authorization) ?? [];
  return token;
}

function consistencyOf({ query, path }: HttpRequest, defaults: QuestionDefaults) {
  const maxStaleNs = maxStaleOf(query.get('max_stale'));
  const requireConsistent = query.has('consistent');
  const useCache = query.has('cached');
  const isStale = query.has('stale') || maxStaleNs > 0;
  if (isStale && requireConsistent) {
    refuse('Cannot specify ?stale with ?consistent, conflicting semantics.');
  }
  if (useCache && requireConsistent) {
    refuse('Cannot specify ?cached with ?consistent, conflicting semantics.');
  }
  const isPlain = !isStale && !requireConsistent && !useCache && !query.has('leader');
  if (isPlain && defaults.discoveryMaxStaleNs > 0 && /^\/v1\/(catalog|health)/.test(path)) {
    return { allowStale: true, requireConsistent, useCache, maxStaleNs: defaults.discoveryMaxStaleNs };
  }
  return { allowStale: isStale, requireConsistent, useCache, maxStaleNs };
}

function maxStaleOf(text: string): number {
  if (text === '') return 0;
  return durationNs(text) ?? refuse(`Invalid max_stale value ${quote(text)}`);
}

function cachingOf(request: HttpRequest) {
  const caching = { maxAgeNs: 0, mustRevalidate: false, staleIfErrorNs: 0 };
  const directives = request.header('cache-control');
  if (directives === undefined) return caching;
  for (const directive of directives.toLowerCase().split(',')) {
    const [name = '', value] = directive.trim().split(/=(.*)/s);
    if (directive.trim() === 'must-revalidate') caching.mustRevalidate = true;
    if (value === undefined) continue;
    if (name === 'max-age') caching.maxAgeNs = secondsNs(value);
    if (name === 'max-age' && caching.maxAgeNs === 0) caching.mustRevalidate = true;
    if (name === 'stale-if-error') caching.staleIfErrorNs = secondsNs(value);
  }
  return caching;
}

function secondsNs(text: string): number {
  return /^[-+]?\d+$/.test(text) ? Number(text) * nsPerSecond : refuse('Invalid Cache-Control header.');
}

function waitingOf(request: HttpRequest) {
  const { maxQueryTimeNs, index } = waitOf(request);
  // What is beyond a number's precision lies in the future all the same.
  return { maxQueryTimeNs, minQueryIndex: Math.min(Number(index), Number.MAX_SAFE_INTEGER) };
}

/** How long a request waits, 0: as long as is usual; and for another index than which, 0: it does not. */
export function waitOf({ query }: HttpRequest): { readonly maxQueryTimeNs: number; readonly index: bigint } {
  const wait = query.get('wait');
  const index = query.get('index');
  const maxQueryTimeNs = wait === '' ? 0 : (durationNs(wait) ?? refuse('Invalid wait time'));
  return { maxQueryTimeNs, index: index === '' ? 0n : (parseUint(index) ?? refuse('Invalid index')) };
}

function durationNs(text: string): number | undefined {
  try {
    return parseDuration(text) * nsPerMs;
  } catch {
    return undefined; // it says why, but what is sent does not
  }
}

/** A decimal number of 64 bits as Go's strconv.ParseUint reads it; undefined if it is none. */
function parseUint(text: string): bigint | undefined {
  if (!/^0*\d{1,20}$/.test(text)) return undefined; // longer ones are too large, and slow
  const value = BigInt(text);
  return value < 2n ** 64n ? value : undefined;
}

/** The same; throws Go's words for what is none. Without a status of their own they are status 500. */
export function requireUint(text: string): bigint {
  const value = parseUint(text);
  if (value !== undefined) return value;
  const reason = /^\d+$/.test(text) ? 'value out of range' : 'invalid syntax';
  throw new Error(`strconv.ParseUint: parsing ${quote(text)}: ${reason}`);
}

const nsPerMs = 1e6;
const nsPerSecond = 1e9;
