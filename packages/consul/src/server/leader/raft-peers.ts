// Members that are servers become raft peers, and those that have left stop being ones.
// Upstream: agent/consul/leader.go (joinConsulServer, removeConsulServer).

import { endpointText, type Log } from '@reeve/runtime';
import type { Consensus } from '../consensus.ts';
import { type ServerMember, serverOf } from '../gossip/server-member.ts';
import type { GossipPool } from './gossip-pool.ts';

/** Raft's servers, and how they are changed. */
type RaftPeers = Pick<Consensus, 'servers' | 'addNonvoter' | 'removeServer'>;

/** Adds a server that is alive. It replicates at once and votes when autopilot has seen it healthy. */
export async function addPeer(
  consensus: RaftPeers,
  pool: Pick<GossipPool, 'nodeName' | 'members'>,
  server: ServerMember,
  log: Log,
): Promise<void> {
  const other = server.isBootstrap ? otherBootstrap(pool, server) : undefined;
  if (other !== undefined) {
    const text =
      'Two nodes are in bootstrap mode. Only one node should be in bootstrap mode, not adding Raft peer.';
    log('err', `consul: ${text}: node_to_add=${server.name} other=${other}`);
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
    const [what, which] =
      known.address === address ? ['address', `address=${address}`] : ['ID', `id=${server.id}`];
    log('info', `consul: removed server with duplicate ${what}: ${which}`);
  }
  await consensus.addNonvoter(server.id, address);
}

/** Removes a server that has left or was forgotten. */
export async function removePeer(consensus: RaftPeers, server: ServerMember, log: Log): Promise<void> {
  // Another one may have its address by now, and stays. Where raft is of version 2, ids are addresses.
  const ids = [server.id, endpointText(server)];
  const known = consensus.servers.find((peer) => ids.includes(peer.id));
  if (known === undefined) return;
  log('info', `consul: removing server by ID: id=${known.id}`);
  await consensus.removeServer(known.id);
}

function otherBootstrap(pool: Pick<GossipPool, 'members'>, server: ServerMember): string | undefined {
  return pool
    .members()
    .find((member) => member.name !== server.name && serverOf(member)?.isBootstrap === true)?.name;
}
