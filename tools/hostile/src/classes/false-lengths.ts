// Lengths and counts that promise more than there is: negative, 2^31 - 1, 2^40 and beyond.

import { type HostileClass, packets, rpc, stream, streams } from '../hostile-class.ts';
import { handshake, message, pushPull } from '../wire/messages.ts';
import { pack, withUint } from '../wire/pack.ts';

/** Every length field of every layer. */
export const falseLengths: HostileClass = {
  name: 'false-lengths',
  title: 'lengths and counts that promise more than there is',
  *inputs() {
    yield* packets(falsePackets());
    yield* streams(falseStreams());
    yield* rpc(heads.map(promise));
    yield* rpc(heads.map((head) => Buffer.concat([handshake(), promise(head)])));
    yield* rpc(heads.map((head) => Buffer.concat([handshake(), pack({ Command: 'event' }), promise(head)])));
    yield stream('gossip', [withUint(10, 2 ** 20, 4), Buffer.alloc(100)]);
  },
};

function falsePackets(): Buffer[] {
  return [
    ...counts.map((count) => message(0, { Node: '', SeqNo: count })),
    ...heads.map((head) => Buffer.concat([Buffer.of(0), promise(head), Buffer.from('x')])),
    Buffer.concat([Buffer.of(7, 255), Buffer.alloc(510, 0xff)]),
    Buffer.of(7, 0),
    Buffer.of(12, 1, 2, 3),
    Buffer.concat([Buffer.of(0xf4, 255), Buffer.from('short')]),
  ];
}

function falseStreams(): Buffer[] {
  return [
    ...counts.flatMap((count) => [
      pushPull({ Nodes: count }),
      pushPull({ UserStateLen: count }),
      message(8, { UserMsgLen: count }),
    ]),
    ...[0, 1, 28, 2 ** 31, 2 ** 32 - 1].map((length) => withUint(10, length, 4)),
    ...heads.map((head) => Buffer.concat([Buffer.of(6), promise(head)])),
    Buffer.of(0xf4, 0),
    Buffer.of(0xf4, 255, 1),
  ];
}

function promise(head: number): Buffer {
  return Buffer.concat([Buffer.of(head), Buffer.alloc(4, 0xff)]);
}

const counts = [-1, -(2 ** 31), 2 ** 16, 2 ** 31 - 1, 2 ** 32 - 1, 2 ** 40, 2n ** 63n, 2n ** 64n - 1n];
/** Of strings, bytes, arrays and maps whose length follows. */
const heads = [0xd9, 0xda, 0xdb, 0xc4, 0xc5, 0xc6, 0xdc, 0xdd, 0xde, 0xdf];
