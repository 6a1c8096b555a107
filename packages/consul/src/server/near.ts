// Sorts answers by the distance of their nodes from whoever asked. Upstream: agent/consul/rtt.go, lib/rtt.go.

import { type Coordinate, coordinateDistanceMs } from '@reeve/serf/core';
import { listCoordinatesOf, type Tables } from '../core/index.ts';
import type { QuerySource } from '../rpc/methods/index.ts';
import type { ServerContext } from './server-context.ts';

/**
 * The nearest first, those at an unknown distance last, and otherwise as they were. As they were altogether
 * if nobody asks for it, or it is not known where the source is.
 */
export function nearestFirst<Item>(
  { datacenter }: ServerContext,
  tables: Tables,
  source: QuerySource,
  items: readonly Item[],
  nodeOf: (item: Item) => string,
): readonly Item[] {
  if (source.node === '' || source.datacenter !== datacenter) return items;
  const here = coordinateOf(tables, source.node);
  if (here === undefined) return items;
  const distances = new Map(
    items.map((item) => [item, distanceMs(here, coordinateOf(tables, nodeOf(item)))]),
  );
  return items.toSorted((a, b) => compareDistances(distances.get(a), distances.get(b)));
}

function coordinateOf(tables: Tables, node: string): Coordinate | undefined {
  const { value } = listCoordinatesOf(tables, null, node);
  return value.find(({ segment }) => segment === '')?.coordinate ?? value[0]?.coordinate;
}

function distanceMs(here: Coordinate, there: Coordinate | undefined): number {
  return there === undefined ? Number.POSITIVE_INFINITY : coordinateDistanceMs(here, there);
}

/** Not by subtraction: two unknown distances are equal. */
function compareDistances(a = 0, b = 0): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
