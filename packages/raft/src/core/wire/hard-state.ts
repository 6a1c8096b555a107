// Term and vote, as a store keeps them.

import { encodeWith, field, gossipDialect, MsgpackReader, struct, text } from '@reeve/bytes';
import type { HardState } from '../hard-state.ts';
import { counter } from './numbers.ts';

/** The bytes of a term and its vote. */
export function encodeHardState(hardState: HardState): Uint8Array {
  return encodeWith(codec, gossipDialect, hardState);
}

/** @throws DecodeError */
export function decodeHardState(data: Uint8Array): HardState {
  return codec.decode(new MsgpackReader(data));
}

const codec = struct<HardState>({ term: field('Term', counter), votedFor: field('VotedFor', text) });
