// Datagrams overtake each other.

import { everyWay, type Fault, type Way } from './fault.ts';

/** Holds a share of all datagrams back for up to `heldMs`, so that later ones overtake them. */
export function reordering(share: number, heldMs: number, way: Way = everyWay): Fault {
  return ({ network, random }) =>
    network.shapePackets((travelMs, from, to) => {
      if (!way(from.host, to.host)) return travelMs;
      return travelMs.map((ms) => (random.float() < share ? ms + random.float() * heldMs : ms));
    });
}
