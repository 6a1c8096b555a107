// Lists of JSON texts.

import { compactJson, compareText } from '@reeve/cli';

/** A list of records. */
export function jsonList<Item>(items: readonly Item[] | null, format: (item: Item) => string): string {
  return `[${(items ?? []).map(format).join(',')}]`;
}

/** An object of JSON texts, its keys sorted as Go sorts those of a map. */
export function jsonObject(entries: readonly (readonly [string, string])[]): string {
  const sorted = entries.toSorted(([a], [b]) => compareText(a, b));
  return `{${sorted.map(([key, value]) => `${compactJson(key)}:${value}`).join(',')}}`;
}
