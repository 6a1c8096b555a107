// A coordinate as nodes tell it. Upstream: agent/structs/structs.go (CoordinateUpdateRequest).

import type { Coordinate } from '@reeve/serf/core';
import type { CoordinateUpdate } from '../../rpc/methods/index.ts';
import { float, list, nilable, struct, text } from '../decode.ts';

const numbers = list(float, 'float64');

const coordinate = struct<Coordinate>('coordinate.Coordinate', {
  vec: ['Vec', { zero: [], read: (value, at) => numbers.read(value, at) ?? [] }],
  error: ['Error', float],
  adjustment: ['Adjustment', float],
  height: ['Height', float],
});

/** The body of an update. */
export const coordinateUpdateBody = struct<CoordinateUpdate>('CoordinateUpdateRequest', {
  datacenter: ['Datacenter', text],
  node: ['Node', text],
  segment: ['Segment', text],
  coordinate: ['Coord', nilable(coordinate)],
  token: ['Token', text],
});
