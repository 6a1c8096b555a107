// Lamport times on the wire: u64 in Go. A message with one that a JavaScript number could not count on from
// is refused as a whole; see lamport-clock.ts.

import { type Codec, DecodeError, uint64 } from '@reeve/bytes';
import { lamportTimeMax } from '../lamport-clock.ts';

/** 0 to `lamportTimeMax`; later ones are a 'limit' error. */
export const lamportTime: Codec<number> = {
  ...uint64,
  decode: (reader) => {
    const time = uint64.decode(reader);
    if (time > lamportTimeMax) throw new DecodeError('limit', `Lamport time ${time} is beyond 2^53 - 2`);
    return time;
  },
};
