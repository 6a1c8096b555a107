// Random bytes as structs, values and cut-off messages.

import assert from 'node:assert/strict';
import {
  bigUint64,
  boolean,
  bytes,
  DecodeError,
  decodeAny,
  encodeWith,
  field,
  float64,
  gossipDialect,
  int32,
  int64,
  list,
  MsgpackReader,
  nearestInt64,
  nilableBytes,
  optionalField,
  rpcDialect,
  struct,
  TruncatedError,
  text,
  textMap,
  uint8,
  uint16,
  uint32,
  uint64,
} from '@reeve/bytes';
import type { FuzzTarget } from '@reeve/fuzz';
import { fromHex } from '../hex.ts';

const refuses = (error: unknown) => error instanceof DecodeError;

const inner = struct<{ name: string; payload: Uint8Array | null }>({
  name: field('Name', text),
  payload: field('Payload', nilableBytes),
});

/** A message with a field of every kind. */
const message = struct<{
  lTime: number;
  id: number;
  node: string;
  addr: Uint8Array;
  port: number;
  last: boolean;
  shift: number;
  delta: number;
  size: number;
  big: bigint;
  nearly: number;
  vec: readonly number[];
  tags: ReadonlyMap<string, string>;
  events: readonly { name: string; payload: Uint8Array | null }[];
}>({
  lTime: field('LTime', uint64),
  id: field('ID', uint32),
  node: field('Node', text),
  addr: optionalField('Addr', bytes),
  port: optionalField('Port', uint8),
  last: optionalField('Last', boolean),
  shift: optionalField('Shift', int32),
  delta: optionalField('Delta', int64),
  size: optionalField('Size', uint16),
  big: field('Big', bigUint64),
  nearly: optionalField('Nearly', nearestInt64),
  vec: field('Vec', list(float64, 8)),
  tags: field('Tags', textMap(text, 64)),
  events: field('Events', list(inner, 512)),
});

const sample = {
  lTime: 2 ** 40,
  id: 70_000,
  node: 'grün',
  addr: fromHex('7f000001'),
  port: 7,
  last: true,
  shift: -3,
  delta: -(2 ** 40),
  size: 1_400,
  big: 2n ** 64n - 1n,
  nearly: 2 ** 60,
  vec: [0.5, -1],
  tags: new Map([
    ['role', 'web'],
    ['', '\udcff'],
  ]),
  events: [
    { name: 'deploy', payload: null },
    { name: '', payload: new Uint8Array(40) },
  ],
};

const seeds = [
  encodeWith(message, gossipDialect, sample),
  encodeWith(message, rpcDialect, sample),
  encodeWith(message, gossipDialect, message.zero()),
  fromHex('98 05 06 a161 a47f000001 07 91cb3ff0000000000000 81a161a162 9192a161c0'), // structs as arrays
];

const structs: FuzzTarget = {
  name: 'msgpack structs',
  promise: 'a struct decodes to what encodes and decodes again, or is refused',
  seeds,
  open: () => ({
    run: (input) => {
      const first = encodeWith(message, gossipDialect, message.decode(new MsgpackReader(input)));
      const second = encodeWith(message, gossipDialect, message.decode(new MsgpackReader(first)));
      assert.deepEqual(second, first);
    },
  }),
  refuses,
};

const skipping: FuzzTarget = {
  name: 'msgpack skipping',
  promise: 'a value is stepped over within the buffer, or is refused',
  seeds: [...seeds, fromHex('93c70401aabbccdd d80110111213141516171819202122232425 81c0de0001a1619190')],
  open: () => ({
    run: (input) => {
      const reader = new MsgpackReader(input);
      reader.skip();
      assert.ok(reader.offset > 0 && reader.offset <= input.length);
    },
  }),
  refuses,
};

const anyValue: FuzzTarget = {
  name: 'msgpack without a schema',
  promise: 'what decodes without a schema is exactly what is stepped over, or is refused',
  seeds,
  open: () => ({
    run: (input) => {
      const decoding = new MsgpackReader(input);
      decodeAny(decoding, 32);
      const skipping = new MsgpackReader(input);
      skipping.skip();
      assert.equal(decoding.offset, skipping.offset);
    },
  }),
  refuses,
};

const truncated: FuzzTarget = {
  name: 'msgpack that ends early',
  promise: 'a message that ends early asks for more bytes than there are',
  seeds,
  open: () => ({
    run: (input) => {
      try {
        message.decode(new MsgpackReader(input));
      } catch (error) {
        if (error instanceof TruncatedError) assert.ok(error.needed > input.length);
        throw error;
      }
    },
  }),
  refuses,
};

export const msgpackTargets: readonly FuzzTarget[] = [structs, skipping, anyValue, truncated];
