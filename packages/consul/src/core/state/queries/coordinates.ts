// Questions about coordinates. Upstream: agent/consul/state/coordinate.go.

import type { NodeCoordinate } from '../../records/index.ts';
import { nameKey } from '../keys.ts';
import { maxIndex, type Tables } from '../tables.ts';
import { topics } from '../topics.ts';
import type { Watch } from '../watch.ts';
import type { Indexed } from './indexed.ts';

/** The coordinates of all nodes, by name. */
export function listCoordinates(tables: Tables, watch: Watch | null): Indexed<readonly NodeCoordinate[]> {
  watch?.add(topics.coordinates);
  return { index: maxIndex(tables, 'coordinates'), value: tables.coordinates.startingWith('') };
}

/** The coordinates of a node, one for each segment. */
export function listCoordinatesOf(
  tables: Tables,
  watch: Watch | null,
  node: string,
): Indexed<readonly NodeCoordinate[]> {
  watch?.add(topics.coordinatesOf(node));
  const value = tables.coordinates.startingWith(nameKey(node));
  return { index: maxIndex(tables, 'coordinates'), value };
}
