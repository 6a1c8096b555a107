// The checksum of gossip packets (message type 12): CRC-32 with the IEEE polynomial.

import * as zlib from 'node:zlib';

/** The CRC-32 (IEEE) of the bytes, as an unsigned 32-bit integer; `before` is that of what is before them. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return zlib.crc32(bytes, before);
}
