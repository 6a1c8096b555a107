// Questions about keys. Upstream: agent/consul/state/kvs.go, agent/consul/kvs_endpoint.go.
// Where there are keys, only they move the index; where there is none, every write of any key does.

import type { KeyValue } from '../../records/index.ts';
import { byteKey } from '../keys.ts';
import { maxIndex, type Tables } from '../tables.ts';
import { topics } from '../topics.ts';
import type { Watch } from '../watch.ts';
import type { Indexed } from './indexed.ts';

/** One key; null: it is not there. */
export function readKey(tables: Tables, watch: Watch | null, key: string): Indexed<KeyValue | null> {
  watch?.add(topics.key(key));
  const entry = tables.keyValues.get(byteKey(key)) ?? null;
  return { index: entry?.modifyIndex ?? tableIndex(tables), value: entry };
}

/** All keys that begin with a prefix, in the order of their bytes. */
export function listKeys(tables: Tables, watch: Watch | null, prefix: string): Indexed<readonly KeyValue[]> {
  watch?.addPrefix(prefix);
  const below = byteKey(prefix);
  const entries = tables.keyValues.startingWith(below);
  if (prefix === '') return { index: tableIndex(tables), value: entries };
  let index = 0;
  for (const { modifyIndex } of entries) index = Math.max(index, modifyIndex);
  for (const stone of tables.tombstones.startingWith(below)) index = Math.max(index, stone.index);
  if (index > 0) return { index, value: entries };
  watch?.add(topics.keyValues);
  return { index: tableIndex(tables), value: entries };
}

function tableIndex(tables: Tables): number {
  return maxIndex(tables, 'kvs', 'tombstones');
}
