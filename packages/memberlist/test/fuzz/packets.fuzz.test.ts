// Damaged packets at a whole node: it never throws, complains once at most, and still answers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzTarget } from '@reeve/fuzz';
import { Keyring } from '@reeve/memberlist';
import { encryptedPackets, goldenKey, goldenPackets } from '../kit/golden.ts';
import { ackIn, alive, compound, dead, ping, suspect } from '../kit/messages.ts';
import { Scene } from '../kit/scene.ts';

const handmade = [
  ping('n1'),
  alive('x', 1),
  alive('n1', 1),
  suspect('x', 1, 'a'),
  suspect('n1', 1, 'a'),
  dead('x', 1, 'x'),
  compound([alive('y', 1), suspect('y', 1, 'b'), ping('n1')]),
];

const quiet = { probeIntervalMs: 1e9, gossipIntervalMs: 1e9, pushPullIntervalMs: 0 };

for (const [name, config, seeds] of [
  ['a node', quiet, [...handmade, ...goldenPackets]],
  ['a node with a key', { ...quiet, keyring: new Keyring([goldenKey]) }, [...encryptedPackets, ...handmade]],
  ['a node with a label', { ...quiet, label: 'blue' }, handmade.map(labelled)],
  // Damage behind the encryption: what a member with the key could send.
  [
    'a node that trusts its key',
    { ...quiet, keyring: new Keyring([goldenKey]), verifyIncoming: false },
    handmade,
  ],
] as const) {
  test(`${name} takes any packet`, () => {
    const scene = new Scene({ config });
    const { node, stranger, world } = scene;
    let refused = 0;
    const counts = fuzzTarget({
      name,
      seeds,
      run: (input) => {
        stranger.packets.length = 0;
        stranger.send(input, node.address);
        world.run(2);
        const [before, now] = [refused, node.refused];
        refused = now;
        assert.ok(now - before <= 1, `${now - before} complaints`);
        if (now > before) throw new Error('refused');
      },
      allow: (error) => error instanceof Error && error.message === 'refused',
    });
    assert.ok(counts.rejected > 0);
    assert.equal(node.list.localNode.state, 'alive');
    const last = config === quiet ? ping('n1', { sequence: 4_711 }) : undefined;
    if (last) assert.ok(stranger.ask(last, node.address).some((packet) => ackIn(packet)?.sequence === 4_711));
  });
}

function labelled(packet: Uint8Array): Uint8Array {
  return Uint8Array.of(244, 4, ...Buffer.from('blue'), ...packet);
}
