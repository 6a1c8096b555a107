// The key/value store as a client uses it. Upstream: api/kv.go, with its oddity: a failed read is told
// without the agent's reason, a failed write with it.

import {
  bytes,
  decodeJson,
  exactUint64,
  type Kind,
  list,
  nilable,
  struct,
  text,
  uint64,
} from '../json/decode.ts';
import { type ConsulClient, UnexpectedAnswer } from './client.ts';
import type { Query } from './go-url.ts';

/** A key with its value. */
export interface KeyValue {
  readonly key: string;
  readonly createIndex: number;
  readonly modifyIndex: number;
  readonly lockIndex: number;
  /** 64 bits, so no number. */
  readonly flags: bigint;
  readonly value: Uint8Array | null;
  readonly session: string;
}

/** What was found, and the index to wait for the next change. */
export interface Found<T> {
  readonly found: T;
  readonly index: bigint;
}

/** How to read: an index to wait for, a consistency. */
export interface Reading {
  readonly query?: Query | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A key, or undefined. */
export async function getKey(
  client: ConsulClient,
  key: string,
  reading: Reading = {},
): Promise<Found<KeyValue | undefined>> {
  const { found, index } = await read(client, key, reading.query, keyValues, reading.signal);
  return { found: found?.[0], index };
}

/** All keys that begin with `prefix`; null if there are none. */
export function listKeyValues(
  client: ConsulClient,
  prefix: string,
  reading: Reading = {},
): Promise<Found<readonly KeyValue[] | null>> {
  return read(client, prefix, { ...reading.query, recurse: '' }, keyValues, reading.signal);
}

/** The names of all keys that begin with `prefix`, up to the next `separator` if it is not empty. */
export function listKeys(
  client: ConsulClient,
  prefix: string,
  separator: string,
  reading: Reading = {},
): Promise<Found<readonly string[] | null>> {
  const query = { ...reading.query, keys: '', separator: separator || undefined };
  return read(client, prefix, query, list(text, 'string'), reading.signal);
}

/** Writes a key; false if the agent says so (`cas`, `acquire`, `release`). */
export async function putKey(
  client: ConsulClient,
  key: string,
  value: Uint8Array | string,
  query: Query & { readonly flags?: string | undefined } = {},
): Promise<boolean> {
  if (key.startsWith('/')) throw new Error(`Invalid key. Key must not begin with a '/': ${key}`);
  const { body } = await client.ok('PUT', `/v1/kv/${key}`, { query, body: value });
  return saysTrue(body);
}

/** Deletes a key, or with `recurse` all that begin with it; false if the agent says so (`cas`). */
export async function deleteKey(client: ConsulClient, key: string, query: Query = {}): Promise<boolean> {
  const { body } = await client.ok('DELETE', pathOf(key), { query });
  return saysTrue(body);
}

/** The argument for flags, which are left out when they are 0. */
export function flagsArgument(flags: bigint): string | undefined {
  return flags === 0n ? undefined : String(flags);
}

/** The argument to wait for what comes after an index, if there is one. */
export function indexArgument(index: bigint): string | undefined {
  return index === 0n ? undefined : String(index);
}

async function read<T>(
  client: ConsulClient,
  key: string,
  query: Query | undefined,
  kind: Kind<T | null>,
  signal: AbortSignal | undefined,
): Promise<Found<T | null>> {
  const { status, body, index } = await client.ask('GET', pathOf(key), { query, signal });
  if (status === 404) return { found: null, index };
  if (status !== 200) throw new UnexpectedAnswer(status);
  return { found: decodeJson(body, kind), index };
}

function pathOf(key: string): string {
  return `/v1/kv/${key.replace(/^\//, '')}`;
}

function saysTrue(body: Uint8Array): boolean {
  return Buffer.from(body).includes('true');
}

const keyValues = list(
  struct<KeyValue>('api.KVPair', {
    key: ['Key', text],
    createIndex: ['CreateIndex', uint64],
    modifyIndex: ['ModifyIndex', uint64],
    lockIndex: ['LockIndex', uint64],
    flags: ['Flags', exactUint64],
    value: ['Value', nilable(bytes)],
    session: ['Session', text],
  }),
  'api.KVPair',
);
