// Bytes that mean nothing, to every port.

import { type HostileClass, packets, rpc, streams } from '../hostile-class.ts';
import { noise } from '../wire/messages.ts';

/** Noise of 0 to 600 bytes. */
export const randomBytes: HostileClass = {
  name: 'random-bytes',
  title: 'random bytes',
  *inputs({ isBrief }) {
    const inputs = Array.from({ length: isBrief ? 100 : 300 }, (_, index) => noise((index * 7) % 600, index));
    yield* packets(inputs);
    yield* streams(inputs);
    yield* rpc(inputs);
  },
};
