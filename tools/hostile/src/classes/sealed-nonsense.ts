// What somebody without the key sends to an encrypted cluster, or with a key to a plain one.

import { type HostileClass, packets, streams } from '../hostile-class.ts';
import { noise } from '../wire/messages.ts';
import { withUint } from '../wire/pack.ts';

/** Packets and streams that claim to be encrypted. */
export const sealedNonsense: HostileClass = {
  name: 'sealed-nonsense',
  title: 'what claims to be encrypted and is not',
  *inputs() {
    const lengths = [0, 1, 11, 12, 27, 28, 29, 30, 44, 45, 200, 1_400, 60_000];
    yield* packets([0, 1, 2, 255].flatMap((version) => lengths.map((length) => sealed(version, length))));
    yield* streams(lengths.map((length) => Buffer.concat([withUint(10, length + 1, 4), sealed(1, length)])));
    yield* streams(lengths.map((length) => Buffer.concat([withUint(10, 2 ** 21, 4), sealed(0, length)])));
    const large = Buffer.concat([withUint(10, 4_000_001, 4), sealed(1, 4_000_000)]);
    yield* streams(Array.from({ length: 10 }, () => large));
  },
};

function sealed(version: number, length: number): Buffer {
  return Buffer.concat([Buffer.of(version), noise(length, length)]);
}
