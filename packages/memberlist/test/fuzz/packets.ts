// Damaged packets at a whole node: it never throws, complains once at most, and still answers.

import assert from 'node:assert/strict';
import { type FuzzTarget, Refused, type Subject } from '@reeve/fuzz';
import { Keyring, type MemberlistConfig } from '@reeve/memberlist';
import { encryptedPackets, goldenKey, goldenPackets } from '../kit/golden.ts';
import { ackIn, alive, compound, dead, ping, suspect } from '../kit/messages.ts';
import { Scene } from '../kit/scene.ts';

/** Packets of every kind; some are about the node `n1` itself. */
export const handmade: readonly Uint8Array[] = [
  ping('n1'),
  alive('x', 1),
  alive('n1', 1),
  suspect('x', 1, 'a'),
  suspect('n1', 1, 'a'),
  dead('x', 1, 'x'),
  compound([alive('y', 1), suspect('y', 1, 'b'), ping('n1')]),
];

/** A node that says nothing of its own accord. */
export const quiet = { probeIntervalMs: 1e9, gossipIntervalMs: 1e9, pushPullIntervalMs: 0 };
const keyring = new Keyring([goldenKey]);

export const packetTargets: readonly FuzzTarget[] = [
  target('packets at a node', {}, [...handmade, ...goldenPackets]),
  target('packets at a node with a key', { keyring }, [...encryptedPackets, ...handmade]),
  target('packets at a node with a label', { label: 'blue' }, handmade.map(labelled)),
  // Damage behind the encryption: what a member with the key could send.
  target('packets at a node that trusts its key', { keyring, verifyIncoming: false }, handmade),
];

function target(name: string, config: Partial<MemberlistConfig>, seeds: readonly Uint8Array[]): FuzzTarget {
  const promise = `${name} are each refused once or taken, and it is alive afterwards`;
  return { name, promise, seeds, open: () => openNode({ ...quiet, ...config }) };
}

function openNode(config: Partial<MemberlistConfig>): Subject {
  const { node, stranger, world } = new Scene({ config });
  return {
    run: (input) => {
      stranger.packets.length = 0;
      const before = node.refused;
      stranger.send(input, node.address);
      world.run(2);
      const complaints = node.refused - before;
      assert.ok(complaints <= 1, `${complaints} complaints`);
      if (complaints > 0) throw new Refused();
    },
    close: () => {
      assert.equal(node.list.localNode.state, 'alive');
      if (config.keyring !== undefined || config.label !== undefined) return;
      const answers = stranger.ask(ping('n1', { sequence: 4_711 }), node.address);
      assert.ok(answers.some((packet) => ackIn(packet)?.sequence === 4_711));
    },
  };
}

function labelled(packet: Uint8Array): Uint8Array {
  return Uint8Array.of(244, 4, ...Buffer.from('blue'), ...packet);
}
