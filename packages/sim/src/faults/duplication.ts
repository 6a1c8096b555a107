// Datagrams arrive twice.

import { everyWay, type Fault, type Way } from './fault.ts';

/** Repeats a share of all datagrams; the copy comes up to `withinMs` after the first. */
export function duplication(share: number, withinMs: number, way: Way = everyWay): Fault {
  return ({ network, random }) =>
    network.shapePackets((travelMs, from, to) => {
      if (!way(from.host, to.host)) return travelMs;
      return travelMs.flatMap((ms) => (random.float() < share ? [ms, ms + random.float() * withinMs] : [ms]));
    });
}
