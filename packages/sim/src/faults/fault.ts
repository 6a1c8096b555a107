// A fault of the network: a small thing that is set and ended, and goes together with others.
//
//   const end = combined(loss(0.2), duplication(0.1, 50))(site);
//
// Each kind is a file: latency.ts, loss.ts, duplication.ts, reordering.ts, separation.ts. Faults of processes
// and disks belong to a node; see cluster/node.ts. What really happened is counted in ledger.ts.

import type { Random } from '@reeve/runtime';
import type { VirtualNetwork } from '@reeve/runtime/virtual';

/** Where a fault is set. */
export interface FaultSite {
  readonly network: VirtualNetwork;
  /** Decides what chance decides. */
  readonly random: Random;
}

/** Sets a fault; returns how to end it. Ending twice does nothing. */
export type Fault = (site: FaultSite) => () => void;

/** The ways between machines, by address, that a fault affects. */
export type Way = (fromIp: string, toIp: string) => boolean;

/** All ways. */
export const everyWay: Way = () => true;

/** Several faults at once. Those of datagrams act in this order. */
export function combined(...faults: readonly Fault[]): Fault {
  return (site) => {
    const ends = faults.map((fault) => fault(site));
    return () => {
      for (const end of ends) end();
    };
  };
}
