// A million members that do not exist.

import { type HostileClass, type Input, packets, streams } from '../hostile-class.ts';
import { alive, compound, nodeState, pushPull } from '../wire/messages.ts';

/** Alive messages of made-up names, some a packet, and lists of made-up nodes. */
export const inventedMembers: HostileClass = {
  name: 'invented-members',
  title: 'a million invented members',
  *inputs({ isBrief }): Iterable<Input> {
    yield* packets(inventedPackets(isBrief ? 20_000 : 1_000_000));
    yield* streams([inventedList(1_000), inventedList(isBrief ? 10_000 : 32_768)]);
  },
};

function* inventedPackets(count: number): Generator<Uint8Array> {
  const packet = compound(Array.from({ length: namesAPacket }, () => alive({ Node: nameToFill })));
  const places = [...packet.toString('latin1').matchAll(new RegExp(nameToFill, 'g'))].map(
    ({ index }) => index,
  );
  for (let made = 0; made < count; ) {
    const filled = Buffer.from(packet);
    for (const place of places) filled.write(String(made++).padStart(nameToFill.length, '0'), place);
    yield filled;
  }
}

function inventedList(count: number): Buffer {
  const address = Buffer.of(127, 0, 0, 1);
  const nodes = Array.from({ length: count }, (_, i) => nodeState({ name: `listed-${i}`, address, port: 9 }));
  return pushPull({ Nodes: count, Join: true }, ...nodes);
}

const namesAPacket = 12;
const nameToFill = 'nameless';
