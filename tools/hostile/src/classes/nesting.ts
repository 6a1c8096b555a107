// Things in things in things: compounds, compressed messages, msgpack arrays and maps.

import { type HostileClass, packets, rpc, streams } from '../hostile-class.ts';
import { compound, compressed, deep, handshake, ping, pushPull } from '../wire/messages.ts';
import { pack } from '../wire/pack.ts';

/** Nesting without end. */
export const nesting: HostileClass = {
  name: 'nesting',
  title: 'nesting without end: compounds, compression, arrays 3,000 deep',
  *inputs() {
    yield* packets(deepPackets());
    yield* streams([
      compressed(pushPull({}), 50),
      Buffer.concat([Buffer.of(6), deep]),
      Buffer.concat([Buffer.of(9), deep]),
      Buffer.concat([Buffer.of(6), Buffer.alloc(4_000_000, 0x81)]),
    ]);
    yield* rpc([deep, unknownField, Buffer.alloc(1_000_000, 0x91)]);
    yield* rpc([deep, unknownField].map((bytes) => Buffer.concat([handshake(), bytes])));
  },
};

function deepPackets(): Buffer[] {
  const wide = compound(Array.from({ length: 250 }, () => ping({ Node: 'x' })));
  return [
    Array.from({ length: 200 }).reduce<Buffer>((inner) => compound([inner]), ping()),
    compressed(ping(), 20),
    compound([wide, wide, wide].map((packet) => compressed(packet))),
    Buffer.concat([Buffer.of(0), deep]),
    Buffer.concat([Buffer.of(0), unknownField]),
    Buffer.concat([Buffer.of(8, 4, 0x81), pack('Filters'), deep]),
    Buffer.alloc(60_000, 0x81).fill(8, 0, 1).fill(3, 1, 2),
  ];
}

const unknownField = Buffer.concat([Buffer.of(0x81), pack('Unknown'), deep]);
