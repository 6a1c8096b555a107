// Whether two values are the same as Go's reflect.DeepEqual sees it: nothing and nothing in it are different.
// A record that is the same does not move its index, and wakes nobody.

import { equalBytes } from '@reeve/bytes';
import type { RaftIndex } from '../records/index.ts';

/** Whether two records are the same, apart from when they were made and changed. */
export function sameRecord<Record extends RaftIndex>(a: Record, b: Record): boolean {
  return same({ ...a, ...unindexed }, { ...b, ...unindexed });
}

/** Whether two values of records, or what is in them, are the same. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && equalBytes(a, b);
  if (Array.isArray(a)) return Array.isArray(b) && sameElements(a, b);
  if (a instanceof Map) return b instanceof Map && sameEntries(a, b);
  return sameEntries(new Map(Object.entries(a)), new Map(Object.entries(b)));
}

function sameElements(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((element, at) => same(element, b[at]));
}

function sameEntries(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.has(key) && same(value, b.get(key)));
}

const unindexed = { createIndex: 0, modifyIndex: 0 };
