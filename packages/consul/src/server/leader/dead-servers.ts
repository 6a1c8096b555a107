// Which servers are dead for autopilot, and when so many of them may be removed without endangering what is
// written. Upstream: agent/consul/autopilot/autopilot.go (pruneDeadServers, canRemoveServers).

import { endpointText } from '@reeve/runtime';
import type { Member } from '@reeve/serf/core';
import type { ConsensusServer } from '../consensus.ts';
import { serverOf } from '../gossip/server-member.ts';

/** Servers that are of no more use, by how they are removed. */
export interface DeadServers {
  /** The names of members that failed and never voted: nobody's majority depends on them. */
  readonly nonvoters: readonly string[];
  /** The names of all others that failed. */
  readonly failed: readonly string[];
  /** Raft's, of which gossip knows nothing. */
  readonly stale: readonly ConsensusServer[];
}

/** Compares gossip with raft's configuration; by address, as upstream does. */
export function findDeadServers(
  members: readonly Member[],
  servers: readonly ConsensusServer[],
): DeadServers {
  const stale = new Map(servers.map((server) => [server.address, server]));
  const nonvoters: string[] = [];
  const failed: string[] = [];
  for (const member of members) {
    const asServer = serverOf(member);
    if (asServer === undefined) continue;
    const address = endpointText(asServer);
    const peer = stale.get(address);
    stale.delete(address);
    if (member.status !== 'failed') continue;
    (peer?.isVoter === false ? nonvoters : failed).push(member.name);
  }
  return { nonvoters, failed, stale: [...stale.values()] };
}

/** Why so many dead servers cannot be removed from `voters`; undefined if they can. */
export function refusalToRemove(voters: number, minQuorum: number, dead: number): string | undefined {
  if (voters - dead < minQuorum) {
    const least = `less then minimal allowed quorum of ${minQuorum} servers`;
    return `denied, because removing ${dead}/${voters} servers would leave ${least}`;
  }
  // A cluster that bears f failures has 2f+1 servers: so many may go at once.
  if (dead > Math.trunc((voters - 1) / 2)) {
    return `denied, because removing the majority of servers ${dead}/${voters} is not safe`;
  }
  return undefined;
}
