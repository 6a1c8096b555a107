// Keys and values. Upstream: agent/consul/kvs_endpoint.go.

import { type KeyValue, type KeyValueRequest, listKeys, readKey } from '../../core/index.ts';
import type { MethodTable } from '../../rpc/method-table.ts';
import { type KeyListQuery, type KeyQuery, type Keys, type KeyValues, kvs } from '../../rpc/methods/index.ts';
import type { CallSignal } from '../../waiting/call-signal.ts';
import { type Soon, soon } from '../../waiting/soon.ts';
import { apply } from '../apply.ts';
import { blockingQuery, type Read } from '../blocking-query.ts';
import { RoutedMethods } from '../routing.ts';
import type { ServerContext } from '../server-context.ts';
import { refuseKey } from './pre-apply.ts';

/** Serves the methods of `KVS`. */
export function serveKvs(server: ServerContext, table: MethodTable): void {
  const methods = new RoutedMethods(server, table);
  methods.change(kvs.apply, change);
  methods.question(kvs.get, get);
  methods.question(kvs.list, list);
  methods.question(kvs.listKeys, keysBelow);
}

function change(server: ServerContext, request: KeyValueRequest): Soon<boolean> {
  const { operation, entry } = request;
  refuseKey(operation, entry.key);
  if (operation === 'lock' && isDelayed(server, entry.key)) return false;
  // A plain `set` has no answer, which is false on the wire.
  return soon(apply(server, { type: 'keyValue', request }), (answer) => answer === true);
}

function isDelayed({ store, runtime }: ServerContext, key: string): boolean {
  const leftMs = store.lockDelays.remainingMs(key);
  if (leftMs === 0) return false;
  runtime.log('warn', `consul.kvs: Rejecting lock of key due to lock-delay: key=${key} left=${leftMs}ms`);
  return true;
}

function get(server: ServerContext, query: KeyQuery, signal?: CallSignal): Soon<KeyValues> {
  const read: Read<KeyValue | null> = (tables, watch) => readKey(tables, watch, query.key);
  const found = blockingQuery(server, query, read, signal);
  return soon(found, ({ value, meta }) => ({ entries: value === null ? null : [value], ...meta }));
}

async function list(server: ServerContext, query: KeyQuery, signal?: CallSignal): Promise<KeyValues> {
  const read: Read<readonly KeyValue[]> = (tables, watch) => listKeys(tables, watch, query.key);
  const { value, meta } = await blockingQuery(server, query, read, signal);
  return { entries: value.length === 0 ? null : value, ...meta };
}

async function keysBelow(server: ServerContext, query: KeyListQuery, signal?: CallSignal): Promise<Keys> {
  const read: Read<readonly KeyValue[]> = (tables, watch) => listKeys(tables, watch, query.prefix);
  const { value, meta } = await blockingQuery(server, query, read, signal);
  return { keys: value.length === 0 ? null : cutAtSeparator(value, query), ...meta };
}

/** The keys, each only up to the first separator after the prefix, and each once. */
function cutAtSeparator(
  entries: readonly KeyValue[],
  { prefix, separator }: KeyListQuery,
): readonly string[] {
  if (separator === '') return entries.map(({ key }) => key);
  const keys = new Set<string>();
  for (const { key } of entries) {
    const at = key.indexOf(separator, prefix.length);
    keys.add(at < 0 ? key : key.slice(0, at + separator.length));
  }
  return [...keys];
}
