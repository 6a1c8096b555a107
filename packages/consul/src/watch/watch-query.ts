// What can be watched, and how it is asked for. Upstream: api/watch/funcs.go.
// Next: watch-results.ts, for how it is told; run-watch.ts.

import { type JsonOutput, quote } from '@reeve/cli';
import type { ConsulClient } from '../api/client.ts';
import type { Query } from '../api/go-url.ts';
import { getKey, listKeyValues } from '../api/key-values.ts';
import { catalogNodes, serviceTags } from '../api/records/catalog.ts';
import { checks, instances, service } from '../api/records/health.ts';
import { userEvents } from '../api/records/user-events.ts';
import { nodeFields } from '../json/answers/records.ts';
import { apiCheckFields } from '../json/api-check.ts';
import { decodeJson, type Kind } from '../json/decode.ts';
import type { WatchParameters } from './watch-parameters.ts';
import { eventJson, instanceJson, keyValueJson, serviceJson } from './watch-results.ts';

/** What to wait beyond: an index, or for what has none the hash of what is there. */
export type WatchMark = bigint | string;

/** What is there now, and what to wait for a change with. */
export interface WatchResult {
  readonly mark: WatchMark;
  readonly result: JsonOutput;
}

/** Asks once; with a mark, waits until there is something newer. */
export type WatchQuery = (
  client: ConsulClient,
  mark: WatchMark | undefined,
  signal: AbortSignal,
) => Promise<WatchResult>;

/** The question of a type, which takes its parameters. @throws Error in the original's words */
export function parseQuery(type: string, parameters: WatchParameters): WatchQuery {
  const parse = Object.hasOwn(watchTypes, type) ? watchTypes[type] : undefined;
  if (parse === undefined) throw new Error(`Unsupported watch type: ${type}`);
  return parse(parameters);
}

const watchTypes: Readonly<Record<string, (parameters: WatchParameters) => WatchQuery>> = {
  key: (parameters) => {
    const stale = parameters.truth('stale');
    const key = required(parameters, 'key');
    return async (client, mark, signal) => {
      const { found, index } = await getKey(client, key, { query: reading(stale, mark), signal });
      return { mark: index, result: found === undefined ? null : keyValueJson(found) };
    };
  },
  keyprefix: (parameters) => {
    const stale = parameters.truth('stale');
    const prefix = required(parameters, 'prefix');
    return async (client, mark, signal) => {
      const { found, index } = await listKeyValues(client, prefix, { query: reading(stale, mark), signal });
      return { mark: index, result: found === null ? null : found.map(keyValueJson) };
    };
  },
  services: (parameters) =>
    ask('/v1/catalog/services', serviceTags, (services) => services, parameters.truth('stale')),
  nodes: (parameters) =>
    ask('/v1/catalog/nodes', catalogNodes, listJson(nodeFields), parameters.truth('stale')),
  service: (parameters) => {
    const stale = parameters.truth('stale');
    const name = required(parameters, 'service');
    const tag = parameters.texts('tag');
    const query = { tag, passing: parameters.truth('passingonly') ? '1' : undefined };
    return ask(`/v1/health/service/${name}`, instances, listJson(instanceJson), stale, query);
  },
  checks: (parameters) => {
    const stale = parameters.truth('stale');
    const [name, state] = [parameters.text('service'), parameters.text('state')];
    if (name !== '' && state !== '') throw new Error('Cannot specify service and state');
    if (!states.has(state)) return () => Promise.reject(new Error(`Unsupported state: ${state}`));
    const path = name === '' ? `state/${state || 'any'}` : `checks/${name}`;
    return ask(`/v1/health/${path}`, checks, listJson(apiCheckFields), stale);
  },
  event: (parameters) => watchEvents(parameters.text('name')),
  agent_service: (parameters) => watchAgentService(parameters.text('service_id')),
};

function required(parameters: WatchParameters, name: string): string {
  const value = parameters.text(name);
  if (value === '') throw new Error(`Must specify a single ${name} to watch`);
  return value;
}

/** Asks for a path, and tells what `json` makes of the answer. */
function ask<T>(
  path: string,
  kind: Kind<T>,
  json: (value: T) => JsonOutput,
  stale: boolean,
  more: Query = {},
): WatchQuery {
  return async (client, mark, signal) => {
    const query = { ...more, ...reading(stale, mark) };
    const { body, index } = await client.ok('GET', path, { query, signal });
    return { mark: index, result: json(decodeJson(body, kind)) };
  };
}

/** Events have no index of their own: it is made of the last one's id. Those up to it are known already. */
function watchEvents(name: string): WatchQuery {
  return async (client, mark, signal) => {
    const query = { name: name || undefined, ...reading(false, mark) };
    const { body, index } = await client.ok('GET', '/v1/event/list', { query, signal });
    const events = decodeJson(body, userEvents);
    if (events === null) return { mark: index, result: null };
    const known = events.findIndex(({ id }) => mark !== undefined && eventIndex(id) === mark);
    return { mark: index, result: events.slice(known + 1).map(eventJson) };
  };
}

/** What an agent knows by itself has no index. */
function watchAgentService(id: string): WatchQuery {
  return async (client, mark, signal) => {
    const query = { hash: typeof mark === 'string' ? mark : undefined };
    const { body } = await client.ok('GET', `/v1/agent/service/${id}`, { query, signal });
    const found = decodeJson(body, service);
    return { mark: found.contentHash, result: serviceJson(found) };
  };
}

/** What agents make of an event's id: both halves of the UUID, xored. */
function eventIndex(id: string): bigint {
  const digits = id.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(digits)) throw new Error(`an event's id is no UUID: ${quote(id)}`);
  return BigInt(`0x${digits.slice(0, 16)}`) ^ BigInt(`0x${digits.slice(16)}`);
}

function reading(stale: boolean, mark: WatchMark | undefined): Query {
  return {
    stale: stale ? '' : undefined,
    index: mark === undefined || mark === 0n ? undefined : String(mark),
  };
}

/** Go's client asks for no others; the watch is run nevertheless, and fails again and again. */
const states: ReadonlySet<string> = new Set(['', 'any', 'passing', 'warning', 'critical']);

function listJson<T>(json: (item: T) => JsonOutput): (items: readonly T[] | null) => JsonOutput {
  return (items) => (items === null ? null : items.map(json));
}
