// Keys and values as JSON. Upstream: agent/structs/structs.go (DirEntry).

import { encodeBase64 } from '@reeve/bytes';
import { compactJson } from '@reeve/cli';
import type { KeyValue } from '../../core/index.ts';
import { keptText } from '../../remembered/by-record.ts';

/** One entry. An empty value is `null`, and there is a session only while there is a lock. */
export function keyValueJson(entry: KeyValue): string {
  const { key, value, flags, lockIndex, session, createIndex, modifyIndex } = entry;
  const valueText = value.length === 0 ? 'null' : `"${encodeBase64(value)}"`;
  const sessionText = session === '' ? '' : `"Session":${compactJson(session)},`;
  return (
    `{"LockIndex":${lockIndex},"Key":${compactJson(key)},"Flags":${flags},` +
    `"Value":${valueText},${sessionText}"CreateIndex":${createIndex},"ModifyIndex":${modifyIndex}}`
  );
}

/** A list of one entry, for those that are asked for one by one: it is remembered of short ones. */
export const loneKeyValueJson = keptText((entry: KeyValue) => `[${keyValueJson(entry)}]`, {
  together: 2 * 1024 * 1024,
  one: 2_048,
});
