// A little that decompresses to very much.

import { type HostileClass, packets, stream, streams } from '../hostile-class.ts';
import { compressed } from '../wire/messages.ts';

/** Decompression bombs, alone and 100 at once. */
export const bombs: HostileClass = {
  name: 'bombs',
  title: 'a little that decompresses to very much',
  *inputs({ isBrief }) {
    const zeros = Buffer.alloc(isBrief ? 10_000_000 : 50_000_000);
    const bomb = compressed(zeros);
    yield* packets([compressed(zeros.subarray(0, 5_000_000)), compressed(zeros.subarray(0, 10_000_000), 2)]);
    const inPushPull = compressed(Buffer.concat([Buffer.of(6), zeros]));
    const smaller = compressed(zeros.subarray(0, 7_000_000));
    yield* streams([bomb, compressed(zeros, 2), inPushPull, smaller]);
    for (let left = isBrief ? 20 : 100; left > 0; left--)
      yield stream('gossip', [left % 2 === 0 ? bomb : smaller]);
  },
};
