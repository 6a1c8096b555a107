// Datagrams get lost, each for itself.

import { everyWay, type Fault, type Way } from './fault.ts';

/** Loses a share of all datagrams, 0 to 1. One way only is a `way` that says so. */
export function loss(share: number, way: Way = everyWay): Fault {
  return ({ network, random }) =>
    network.shapePackets((travelMs, from, to) =>
      way(from.host, to.host) ? travelMs.filter(() => random.float() >= share) : travelMs,
    );
}
