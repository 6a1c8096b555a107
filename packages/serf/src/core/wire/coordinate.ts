// Coordinates on the wire: the payload of memberlist's acks, which is byte 1 (the version) and a map. Consul
// has the same map in messages of its own. Upstream: ping_delegate.go.

import {
  encodeWith,
  field,
  float64,
  gossipDialect,
  list,
  MsgpackReader,
  type StructCodec,
  struct,
} from '@reeve/bytes';
import type { Coordinate } from '../coordinate/coordinate.ts';

/** The payload of an ack, version byte included: 130 bytes for 8 dimensions. */
export function encodeCoordinate(coordinate: Coordinate): Uint8Array {
  return encodeWith(coordinateCodec, gossipDialect, coordinate, coordinateVersion);
}

/** @throws DecodeError */
export function decodeCoordinate(payload: Uint8Array): Coordinate {
  return coordinateCodec.decode(new MsgpackReader(payload, 1));
}

/** The first byte of the payload. */
export const coordinateVersion = 1;

/** More than anybody uses; whether it is our 8 is for the client to say. */
const dimensionsMax = 64;

/** A coordinate as a map. */
export const coordinateCodec: StructCodec<Coordinate> = struct<Coordinate>({
  vec: field('Vec', list(float64, dimensionsMax)),
  error: field('Error', float64),
  adjustment: field('Adjustment', float64),
  height: field('Height', float64),
});
