// Keys and values as JSON. Upstream: agent/structs/structs.go (DirEntry).

import { encodeBase64 } from '@reeve/bytes';
import { compactJson } from '@reeve/cli';
import type { KeyValue } from '../../core/index.ts';

/** One entry. An empty value is `null`, and there is a session only while there is a lock. */
export function keyValueJson(entry: KeyValue): string {
  const value = entry.value.length === 0 ? 'null' : `"${encodeBase64(entry.value)}"`;
  const session = entry.session === '' ? '' : `"Session":${compactJson(entry.session)},`;
  return (
    `{"LockIndex":${entry.lockIndex},"Key":${compactJson(entry.key)},"Flags":${entry.flags},` +
    `"Value":${value},${session}"CreateIndex":${entry.createIndex},"ModifyIndex":${entry.modifyIndex}}`
  );
}
