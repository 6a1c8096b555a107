// The checksum layer: `0c | CRC-32 (IEEE), big-endian | payload`. Added after compression and before
// encryption, and only on gossip to nodes known to understand it (protocol 5); accepted on any packet.
// Upstream: memberlist net.go (rawSendMsgPacket, ingestPacket). Next: encrypt.ts.

import { crc32 } from '@reeve/bytes';
import { messageTypes } from './message-types.ts';

/** `payload` behind its checksum. */
export function addChecksum(payload: Uint8Array): Uint8Array {
  const packet = new Uint8Array(checksumBytes + payload.length);
  packet[0] = messageTypes.checksum;
  new DataView(packet.buffer).setUint32(1, crc32(payload));
  packet.set(payload, checksumBytes);
  return packet;
}

/** A checksum that is not that of its payload. */
export interface ChecksumMismatch {
  readonly got: number;
  readonly expected: number;
}

/**
 * The payload of a packet with or without checksum. Shorter packets cannot carry one and pass as they are.
 */
export function removeChecksum(packet: Uint8Array): Uint8Array | ChecksumMismatch {
  if (packet.length < checksumBytes || packet[0] !== messageTypes.checksum) return packet;
  const payload = packet.subarray(checksumBytes);
  const expected = new DataView(packet.buffer, packet.byteOffset).getUint32(1);
  const got = crc32(payload);
  return got === expected ? payload : { got, expected };
}

const checksumBytes = 5;
