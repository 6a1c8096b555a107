// What can be watched, and how it is asked for. Upstream: api/watch/funcs.go, watch.go (Parse).
// Next: watch-results.ts, for how it is told; run-watch.ts.

import { type JsonOutput, quote } from '@reeve/cli';
import type { ConsulClient } from '../api/client.ts';
import type { Query } from '../api/go-url.ts';
import { getKey, listKeyValues } from '../api/key-values.ts';
import { catalogNodes, serviceTags } from '../api/records/catalog.ts';
import { checks, instances } from '../api/records/health.ts';
import { userEvents } from '../api/records/user-events.ts';
import { decodeJson, type Kind } from '../json/decode.ts';
import { checkJson, eventJson, instanceJson, keyValueJson, nodeJson } from './watch-results.ts';

/** What was asked to be watched; missing parameters are undefined. */
export interface WatchParameters {
  readonly type: string;
  readonly key?: string | undefined;
  readonly prefix?: string | undefined;
  readonly service?: string | undefined;
  readonly tag?: readonly string[] | undefined;
  readonly passingonly?: boolean | undefined;
  readonly state?: string | undefined;
  readonly name?: string | undefined;
  readonly stale?: boolean | undefined;
}

/** What is there now, and the index to wait for a change. */
export interface WatchResult {
  readonly index: bigint;
  readonly result: JsonOutput;
}

/** Asks once; with an index, waits until there is something newer. */
export type WatchQuery = (
  client: ConsulClient,
  index: bigint | undefined,
  signal: AbortSignal,
) => Promise<WatchResult>;

/** The question for some parameters. @throws Error in the original's words */
export function parseWatch(parameters: WatchParameters): WatchQuery {
  const type = Object.hasOwn(watchTypes, parameters.type) ? watchTypes[parameters.type] : undefined;
  if (type === undefined) throw new Error(`Unsupported watch type: ${parameters.type}`);
  const query = type.parse(parameters);
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const unknown = given.map(([name]) => name).filter((name) => name !== 'type' && !type.takes.includes(name));
  if (unknown.length > 0) throw new Error(`Invalid parameters: [${unknown.join(' ')}]`);
  return query;
}

interface WatchType {
  readonly takes: readonly string[];
  readonly parse: (parameters: WatchParameters) => WatchQuery;
}

const watchTypes: Readonly<Record<string, WatchType>> = {
  key: {
    takes: ['key', 'stale'],
    parse: ({ key = '', stale }) => {
      if (key === '') throw new Error('Must specify a single key to watch');
      return async (client, waitIndex, signal) => {
        const { found, index } = await getKey(client, key, { query: reading(stale, waitIndex), signal });
        return { index, result: found === undefined ? null : keyValueJson(found) };
      };
    },
  },
  keyprefix: {
    takes: ['prefix', 'stale'],
    parse: ({ prefix = '', stale }) => {
      if (prefix === '') throw new Error('Must specify a single prefix to watch');
      return async (client, waitIndex, signal) => {
        const query = reading(stale, waitIndex);
        const { found, index } = await listKeyValues(client, prefix, { query, signal });
        return { index, result: found === null ? null : found.map(keyValueJson) };
      };
    },
  },
  services: {
    takes: ['stale'],
    parse: ({ stale }) => ask('/v1/catalog/services', serviceTags, (services) => services, stale),
  },
  nodes: {
    takes: ['stale'],
    parse: ({ stale }) => ask('/v1/catalog/nodes', catalogNodes, listJson(nodeJson), stale),
  },
  service: {
    takes: ['service', 'tag', 'passingonly', 'stale'],
    parse: ({ service = '', tag, passingonly, stale }) => {
      if (service === '') throw new Error('Must specify a single service to watch');
      const query = { tag, passing: passingonly === true ? '1' : undefined };
      return ask(`/v1/health/service/${service}`, instances, listJson(instanceJson), stale, query);
    },
  },
  checks: {
    takes: ['service', 'state', 'stale'],
    parse: ({ service, state, stale }) => {
      if (service !== undefined && state !== undefined) throw new Error('Cannot specify service and state');
      const path = service === undefined ? `state/${state ?? 'any'}` : `checks/${service}`;
      return ask(`/v1/health/${path}`, checks, listJson(checkJson), stale);
    },
  },
  event: {
    takes: ['name'],
    parse: ({ name }) => watchEvents(name),
  },
};

/** Asks for a path, and tells what `json` makes of the answer. */
function ask<T>(
  path: string,
  kind: Kind<T>,
  json: (value: T) => JsonOutput,
  stale: boolean | undefined,
  more: Query = {},
): WatchQuery {
  return async (client, waitIndex, signal) => {
    const query = { ...more, ...reading(stale, waitIndex) };
    const { body, index } = await client.ok('GET', path, { query, signal });
    return { index, result: json(decodeJson(body, kind)) };
  };
}

/** Events have no index of their own: it is made of the last one's id. Those up to it are known already. */
function watchEvents(name: string | undefined): WatchQuery {
  return async (client, waitIndex, signal) => {
    const query = { name, ...reading(false, waitIndex) };
    const { body, index } = await client.ok('GET', '/v1/event/list', { query, signal });
    const events = decodeJson(body, userEvents);
    if (events === null) return { index, result: null };
    const known = events.findIndex(({ id }) => waitIndex !== undefined && eventIndex(id) === waitIndex);
    return { index, result: events.slice(known + 1).map(eventJson) };
  };
}

/** What agents make of an event's id: both halves of the UUID, xored. */
function eventIndex(id: string): bigint {
  const digits = id.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(digits)) throw new Error(`an event's id is no UUID: ${quote(id)}`);
  return BigInt(`0x${digits.slice(0, 16)}`) ^ BigInt(`0x${digits.slice(16)}`);
}

function reading(stale: boolean | undefined, index: bigint | undefined): Query {
  return {
    stale: stale === true ? '' : undefined,
    index: index === undefined || index === 0n ? undefined : String(index),
  };
}

function listJson<T>(json: (item: T) => JsonOutput): (items: readonly T[] | null) => JsonOutput {
  return (items) => (items === null ? null : items.map(json));
}
