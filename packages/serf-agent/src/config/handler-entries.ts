// The kind of `event_handlers`: a list of texts, as in the original, in which an object may stand in place of
// a text. The original refuses such an object; a file that both are to read has texts only. Next:
// ../event-handlers/handler-entry.ts, for what entries mean.

import { findKey, goKind, isObject, type JsonObject, type JsonValue } from '@reeve/cli';
import type { HandlerEntry, HandlerObject } from '../event-handlers/handler-entry.ts';
import { decodeItems, duration, FieldsError, integer, type Kind, list, switchedOn, text } from './kinds.ts';

/** Event handlers; every source adds to them. */
export const handlerEntries: Kind<readonly HandlerEntry[]> = {
  example: '["member-join=./joined.sh"]',
  flag: list.flag,
  decode: (value, field) => decodeItems(value, field, decodeEntry),
  fromFlag: list.fromFlag,
  merge: (below, above) => [...below, ...above],
};

function decodeEntry(value: JsonValue, field: string): HandlerEntry {
  if (!isObject(value)) return text.decode(value, field);
  const entry: Record<string, unknown> = {};
  const rest = new Set(Object.keys(value));
  for (const [key, [name, decode]] of Object.entries(members)) {
    const written = findKey(value, key);
    if (written === undefined) continue;
    rest.delete(written);
    entry[name] = decode(value[written] ?? null, `${field}.${key}`);
  }
  if (rest.size > 0) throw new FieldsError(`'${field}' has invalid keys: ${[...rest].sort().join(', ')}`);
  if (!entry.handler) throw new FieldsError(`'${field}' needs a 'handler' such as "member-join=join.sh"`);
  return entry as unknown as HandlerObject;
}

function decodeOptions(value: JsonValue, field: string): JsonObject {
  if (isObject(value)) return value;
  throw new FieldsError(`'${field}' expected a map, got '${goKind(value)}'`);
}

// Each key of an object with the member of HandlerObject that it sets.
const members: Readonly<
  Record<string, readonly [keyof HandlerObject, (value: JsonValue, field: string) => unknown]>
> = {
  handler: ['handler', text.decode],
  options: ['options', decodeOptions],
  timeout: ['timeoutMs', duration.decode],
  concurrency: ['concurrency', integer.decode],
  queue_max: ['queueMax', integer.decode],
  when_full: ['whenFull', text.decode],
  retries: ['retries', integer.decode],
  retry_delay: ['retryDelayMs', duration.decode],
  only_with_majority: ['onlyWithMajority', switchedOn.decode],
  majority_settle: ['majoritySettleMs', duration.decode],
};
