// The way from one machine to another, as streams meet it: how long it takes, and whether it is cut.
//
// The other machine is looked up each time, since it may be made later. Next: wire.ts.

import type { Machine } from './machine.ts';

/** One direction between two machines. */
export interface Link {
  /** How long something takes that begins its way now. */
  travelMs(): number;
  /** Whether nothing passes at the moment. */
  isCut(): boolean;
}

/** The ways from a machine to an address, and back. */
export function linksTo(machine: Machine, host: string): { readonly there: Link; readonly back: Link } {
  const { network, ip } = machine;
  const other = () => machine.route(host)?.ip;
  return {
    there: {
      travelMs: () => network.latency(ip, other() ?? host),
      isCut: () => isCut(other(), (otherIp) => network.separated(ip, otherIp)),
    },
    back: {
      travelMs: () => network.latency(other() ?? host, ip),
      isCut: () => isCut(other(), (otherIp) => network.separated(otherIp, ip)),
    },
  };
}

/** Nothing reaches an address that no machine has. */
function isCut(ip: string | undefined, isSeparated: (ip: string) => boolean): boolean {
  return ip === undefined || isSeparated(ip);
}
