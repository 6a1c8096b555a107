// Coordinates on the wire: the payload of memberlist's acks. Byte 1 (the version), then a map.
// Upstream: ping_delegate.go.

import { encodeWith, field, float64, gossipDialect, list, MsgpackReader, struct } from '@reeve/bytes';
import type { Coordinate } from '../coordinate/coordinate.ts';

/** The payload of an ack, version byte included: 130 bytes for 8 dimensions. */
export function encodeCoordinate(coordinate: Coordinate): Uint8Array {
  return encodeWith(wireCoordinate, gossipDialect, coordinate, coordinateVersion);
}

/** @throws DecodeError */
export function decodeCoordinate(payload: Uint8Array): Coordinate {
  return wireCoordinate.decode(new MsgpackReader(payload, 1));
}

/** The first byte of the payload. */
export const coordinateVersion = 1;

/** More than anybody uses; whether it is our 8 is for the client to say. */
const dimensionsMax = 64;

const wireCoordinate = struct<Coordinate>({
  vec: field('Vec', list(float64, dimensionsMax)),
  error: field('Error', float64),
  adjustment: field('Adjustment', float64),
  height: field('Height', float64),
});
