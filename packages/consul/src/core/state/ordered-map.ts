// The one place that knows the ordered map we use. A clone costs nothing: pages are shared until they change.

import sortedBtree from 'sorted-btree';

/** Values by key, in the order of the keys' characters. */
export type OrderedMap<Value> = InstanceType<typeof sortedBtree.default<string, Value>>;

/** An empty one. */
export function createOrderedMap<Value>(): OrderedMap<Value> {
  return new sortedBtree.default<string, Value>(undefined, compareKeys);
}

function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
