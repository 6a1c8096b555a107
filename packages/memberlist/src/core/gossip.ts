// One gossip round: tell a few random nodes what is queued. SWIM section 4.1; upstream: memberlist state.go
// (gossip). Recently dead nodes are told, too, so that they can refute; those that left are not. Next:
// broadcast-queue.ts.

import { endpointText } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import type { KnownNode } from './node.ts';
import { broadcastSpaceBytes, checksumProtocol, encodePackets, sendPacket, takeBroadcasts } from './send.ts';

/** Sends what is queued to `gossipNodes` nodes, a packetful each. */
export function gossip(machine: Machine): void {
  const startedAtMs = machine.runtime.clock.now();
  const spaceBytes = broadcastSpaceBytes(machine);
  for (const node of machine.table.pick(machine.config.gossipNodes, (node) => listens(machine, node))) {
    const messages = takeBroadcasts(machine, spaceBytes);
    if (messages.length === 0) break;
    const checksum = node.versions.pMax >= checksumProtocol;
    const to = endpointText(node);
    for (const packet of encodePackets(messages)) {
      sendPacket(machine, node, packet, checksum, (error) => {
        machine.log('err', `Failed to send gossip to ${to}: ${error.message}`);
      });
    }
  }
  machine.runtime.metrics.sample('memberlist.gossip', machine.runtime.clock.now() - startedAtMs);
}

function listens(machine: Machine, node: KnownNode): boolean {
  if (machine.isSelf(node.name) || node.state === 'left') return false;
  if (node.state !== 'dead') return true;
  const deadForMs = machine.runtime.clock.now() - node.stateChangedAtMs;
  return deadForMs <= machine.config.gossipToTheDeadMs;
}
