// Term and vote, as a store keeps them.

import { type Codec, field, struct, text } from '@reeve/bytes';
import type { HardState } from '../hard-state.ts';
import { counter } from './numbers.ts';

/** A term and its vote. */
export const hardStateCodec: Codec<HardState> = struct<HardState>({
  term: field('Term', counter),
  votedFor: field('VotedFor', text),
});
