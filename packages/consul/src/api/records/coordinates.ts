// Where nodes are. Upstream: api/coordinate.go.
// Unknown fields are ignored, missing ones have Go's zero.

import { float, list, nilable, struct, text } from '../../json/decode.ts';

/** Where a node is. */
export interface NodeCoordinate {
  readonly node: string;
  readonly segment: string;
  readonly coordinate: {
    readonly vec: readonly number[] | null;
    readonly error: number;
    readonly adjustment: number;
    readonly height: number;
  } | null;
}

/** The coordinates of nodes (upstream: CoordinateEntry). */
export const nodeCoordinates = list(
  struct<NodeCoordinate>('CoordinateEntry', {
    node: ['Node', text],
    segment: ['Segment', text],
    coordinate: [
      'Coord',
      nilable(
        struct<NonNullable<NodeCoordinate['coordinate']>>('Coordinate', {
          vec: ['Vec', list(float, 'float64')],
          error: ['Error', float],
          adjustment: ['Adjustment', float],
          height: ['Height', float],
        }),
      ),
    ],
  }),
  'api.CoordinateEntry',
);

/** The coordinates of servers by datacenter (upstream: CoordinateDatacenterMap). */
export const datacenterCoordinates = list(
  struct<{
    readonly datacenter: string;
    readonly areaId: string;
    readonly coordinates: readonly NodeCoordinate[] | null;
  }>('CoordinateDatacenterMap', {
    datacenter: ['Datacenter', text],
    areaId: ['AreaID', text],
    coordinates: ['Coordinates', nodeCoordinates],
  }),
  'api.CoordinateDatacenterMap',
);
