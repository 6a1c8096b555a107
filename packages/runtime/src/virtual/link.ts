// The ways between two machines, as streams meet them: how long they take, and whether they are cut.
//
// The other machine is looked up each time, since it may be made later. Next: wire.ts.

import type { Machine } from './machine.ts';
import type { Link } from './wire.ts';

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
