// One gossip round: tell a few random nodes what is queued. SWIM section 4.1; upstream: memberlist state.go
// (gossip). Recently dead nodes are told, too, so that they can refute; those that left are not.
// Ours: as long as packets come out full more is waiting, and further nodes are told at once. Upstream sends
// three packets and waits for the next round; what comes in faster than that is never told to everybody.
// Bounded by turnsMax. Where nothing is queued there are no rounds: the next news wake gossip (ticker.ts).
// Next: broadcast-queue.ts, met-nodes.ts.

import { endpointText } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import type { KnownNode } from './node.ts';
import { broadcastSpaceBytes, checksumProtocol, encodePackets, sendPacket, takeNews } from './send.ts';
import { compoundPartBytes } from './wire/compound.ts';

/**
 * Sends what is queued to `gossipNodes` nodes, a packetful each, and to more while packets are full. False
 * when the next round will have nothing to say, or nobody to say it to, unless there are more news.
 */
export function gossip(machine: Machine): boolean {
  const startedAtMs = machine.runtime.clock.now();
  let outcome: TurnOutcome = 'full';
  for (let turn = 0; turn < turnsMax && outcome === 'full'; turn++) outcome = tellSome(machine);
  machine.runtime.metrics.sample('memberlist.gossip', machine.runtime.clock.now() - startedAtMs);
  return outcome !== 'nothing left' && machine.table.size > 1;
}

/** How the last packet of a turn came out. */
type TurnOutcome = 'full' | 'not full' | 'nothing left';

function tellSome(machine: Machine): TurnOutcome {
  const spaceBytes = broadcastSpaceBytes(machine);
  let outcome: TurnOutcome = 'not full';
  for (const node of listeners(machine)) {
    const messages = takeNews(machine, spaceBytes);
    if (messages.length === 0) return 'nothing left';
    outcome = isFull(messages, spaceBytes) ? 'full' : 'not full';
    const checksum = node.versions.pMax >= checksumProtocol;
    const to = endpointText(node);
    for (const packet of encodePackets(messages)) {
      sendPacket(machine, node, packet, checksum, (error) => {
        machine.log('err', `Failed to send gossip to ${to}: ${error.message}`);
      });
    }
  }
  return outcome;
}

/** Half is full: what is longer than half of a packet leaves that much of it empty. */
function isFull(messages: readonly Uint8Array[], spaceBytes: number): boolean {
  const usedBytes = messages.reduce((sum, { length }) => sum + compoundPartBytes + length, 0);
  return messages.length > 1 && usedBytes > spaceBytes / 2;
}

/** In a crowd of nodes that may not exist, as many more of those who do. */
function listeners(machine: Machine): readonly KnownNode[] {
  const { table, met, config } = machine;
  const chosen = table.pick(config.gossipNodes, (node) => listens(machine, node));
  if (!met.areFew) return chosen;
  return [
    ...met.pick(config.gossipNodes, (node) => listens(machine, node) && !chosen.includes(node)),
    ...chosen,
  ];
}

function listens(machine: Machine, node: KnownNode): boolean {
  if (machine.isSelf(node.name) || node.state === 'left') return false;
  if (node.state !== 'dead') return true;
  const deadForMs = machine.runtime.clock.now() - node.stateChangedAtMs;
  return deadForMs <= machine.config.gossipToTheDeadMs;
}

/** With three nodes a turn 96 packets a round: 130 KB, and five times that a second. */
const turnsMax = 32;
