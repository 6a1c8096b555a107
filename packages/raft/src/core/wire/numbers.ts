// Terms and indexes on the wire. They only grow by one, so that those of any real cluster stay far below
// this bound; it keeps a made-up one from using up the numbers that we can count with.

import { type Codec, DecodeError, uint64 } from '@reeve/bytes';

/** A term or an index: 0 to 2^48. */
export const counter: Codec<number> = {
  ...uint64,
  decode: (reader) => {
    const value = uint64.decode(reader);
    if (value > counterMax) throw new DecodeError('limit', `${value} is no term or index, the limit is 2^48`);
    return value;
  },
};

const counterMax = 2 ** 48;
