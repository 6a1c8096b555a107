// Members that are servers become raft peers, and those that have left stop being ones.
// Upstream: agent/consul/leader.go (joinConsulServer, removeConsulServer).

import { endpointText, type Log } from '@reeve/runtime';
import type { Consensus } from '../consensus.ts';
import { type ServerMember, serverOf } from '../gossip/server-member.ts';
import type { GossipPool } from './gossip-pool.ts';

/** Adds a server that is alive. It replicates at once and votes when autopilot has seen it healthy. */
export async function addPeer(
  consensus: Consensus,
  pool: GossipPool,
  server: ServerMember,
  log: Log,
): Promise<void> {
  if (server.isBootstrap && othersBootstrap(pool, server)) {
    log('err', `consul: Two nodes are in bootstrap mode, not adding Raft peer: node_to_add=${server.name}`);
    return;
  }
  // Whoever leads a cluster so small is in it, whatever its address says.
  if (server.name === pool.nodeName && consensus.servers.length < 3) return;
  const address = endpointText(server);
  for (const known of consensus.servers) {
    if (known.address === address && known.id === server.id) return;
    if (known.address !== address && known.id !== server.id) continue;
    // The same server at another address, or another one in its place.
    await consensus.removeServer(known.id);
    log(
      'info',
      `consul: removed server with duplicate address or ID: id=${known.id} address=${known.address}`,
    );
  }
  await consensus.addNonvoter(server.id, address);
}

/** Removes a server that has left or was forgotten. */
export async function removePeer(consensus: Consensus, server: ServerMember, log: Log): Promise<void> {
  const address = endpointText(server);
  const known = consensus.servers.find((peer) => peer.id === server.id || peer.address === address);
  if (known === undefined) return;
  log('info', `consul: removing server by ID: id=${known.id}`);
  await consensus.removeServer(known.id);
}

function othersBootstrap(pool: GossipPool, server: ServerMember): boolean {
  return pool
    .members()
    .some((member) => member.name !== server.name && serverOf(member)?.isBootstrap === true);
}
