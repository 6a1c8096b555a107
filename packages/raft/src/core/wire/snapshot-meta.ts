// What a snapshot says of itself, as it stands before the state in a file of ours.

import { encodeWith, field, gossipDialect, type MsgpackReader, struct, uint64 } from '@reeve/bytes';
import type { SnapshotMeta } from '../messages.ts';
import { configurationCodec } from './configuration.ts';
import { counter } from './numbers.ts';

/** The bytes of the description. */
export function encodeSnapshotMeta(meta: SnapshotMeta): Uint8Array {
  return encodeWith(codec, gossipDialect, meta);
}

/** @throws DecodeError */
export function decodeSnapshotMeta(reader: MsgpackReader): SnapshotMeta {
  return codec.decode(reader);
}

const codec = struct<SnapshotMeta>({
  index: field('Index', counter),
  term: field('Term', counter),
  configuration: field('Configuration', configurationCodec),
  configurationIndex: field('ConfigurationIndex', counter),
  sizeBytes: field('Size', uint64),
});
