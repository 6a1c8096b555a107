// Lamport times on the wire: u64 in Go. What a JavaScript number could not count on from is read as the last
// time there is, which nobody believes (lamport-clock.ts). It is no error, or one such time would cost
// everything else in a push/pull.

import { type Codec, uint64 } from '@reeve/bytes';
import { lamportTimeMax } from '../lamport-clock.ts';

/** 0 to `lamportTimeMax`. */
export const lamportTime: Codec<number> = {
  ...uint64,
  decode: (reader) => Math.min(uint64.decode(reader), lamportTimeMax),
};
