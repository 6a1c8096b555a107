// A snapshot as a file of ours: magic, CRC-32 of all that follows, what the snapshot says of itself, state.

import { concatBytes, crc32, DecodeError, equalBytes, MsgpackReader } from '@reeve/bytes';
import { decodeSnapshotMeta, encodeSnapshotMeta, type SnapshotMeta } from '../core/index.ts';

/** What stands in a file before the state, of which these are all pieces. */
export function snapshotHead(meta: SnapshotMeta, state: readonly Uint8Array[]): Uint8Array {
  const head = concatBytes([magic, new Uint8Array(checksumBytes), encodeSnapshotMeta(meta)]);
  const { checksum } = readSnapshotHead(head);
  const ofAll = state.reduce((before, piece) => crc32(piece, before), checksum);
  new DataView(head.buffer).setUint32(magic.length, ofAll);
  return head;
}

/** The parts of a file; undefined when it is not as it was written. */
export function readSnapshotFile(
  file: Uint8Array,
): { readonly meta: SnapshotMeta; readonly data: Uint8Array } | undefined {
  if (file.length < bodyOffset || !equalBytes(file.subarray(0, magic.length), magic)) return undefined;
  const checksum = new DataView(file.buffer, file.byteOffset).getUint32(magic.length);
  if (checksum !== crc32(file.subarray(bodyOffset))) return undefined;
  try {
    const reader = new MsgpackReader(file, bodyOffset);
    const meta = decodeSnapshotMeta(reader);
    return reader.remaining === meta.sizeBytes ? { meta, data: file.subarray(reader.offset) } : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Of what stands before the state: the checksum of all, and what it is so far. */
export function readSnapshotHead(head: Uint8Array): { readonly expected: number; readonly checksum: number } {
  const expected = new DataView(head.buffer, head.byteOffset).getUint32(magic.length);
  return { expected, checksum: crc32(head.subarray(bodyOffset)) };
}

/** `reeves1` and a line feed. */
const magic = new Uint8Array([0x72, 0x65, 0x65, 0x76, 0x65, 0x73, 0x31, 0x0a]);
const checksumBytes = 4;
const bodyOffset = magic.length + checksumBytes;
