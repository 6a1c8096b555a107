// Keys and values. Upstream: agent/consul/kvs_endpoint.go, agent/structs/structs.go.

import { boolean, field, struct, text } from '@reeve/bytes';
import { type KeyValue, keyValueCodec, keyValueRequestCodec } from '../../core/index.ts';
import { answerList } from './lists.ts';
import { method } from './method.ts';
import { type QueryMeta, type QueryOptions, queryMetaFields, queryOptionsFields } from './query.ts';

/** One key, or the prefix of many. */
export interface KeyQuery extends QueryOptions {
  readonly key: string;
}

/** Keys below a prefix, each only up to the separator after it. */
export interface KeyListQuery extends QueryOptions {
  readonly prefix: string;
  /** Empty: whole keys. Upstream's spelling on the wire is `Seperator`. */
  readonly separator: string;
}

/** Entries; null if there are none. */
export interface KeyValues extends QueryMeta {
  readonly entries: readonly KeyValue[] | null;
}

/** Keys; null if there are none. */
export interface Keys extends QueryMeta {
  readonly keys: readonly string[] | null;
}

const keyQuery = struct<KeyQuery>({ key: field('Key', text), ...queryOptionsFields });

const keyListQuery = struct<KeyListQuery>({
  prefix: field('Prefix', text),
  separator: field('Seperator', text),
  ...queryOptionsFields,
});

const keyValues = struct<KeyValues>({
  entries: field('Entries', answerList(keyValueCodec)),
  ...queryMetaFields,
});
const keys = struct<Keys>({ keys: field('Keys', answerList(text)), ...queryMetaFields });

/** The methods of `KVS`. `apply` answers false to a plain `set`: only conditional changes say how it went. */
export const kvs = {
  apply: method('KVS.Apply', keyValueRequestCodec, boolean),
  get: method('KVS.Get', keyQuery, keyValues),
  list: method('KVS.List', keyQuery, keyValues),
  listKeys: method('KVS.ListKeys', keyListQuery, keys),
};
