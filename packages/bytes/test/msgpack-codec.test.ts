// Field types: their edges, their zero values, and what nil means to each.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bigUint64,
  boolean,
  bytes,
  type Codec,
  encodeWith,
  float64,
  gossipDialect,
  int32,
  int64,
  list,
  MsgpackReader,
  nearestInt64,
  nilable,
  nilableBytes,
  nilableList,
  rpcDialect,
  text,
  textMap,
  uint8,
  uint16,
  uint32,
  uint64,
} from '@reeve/bytes';
import { decodeError, fromHex, toHex } from './hex.ts';

function decode<T>(codec: Codec<T>, hex: string): T {
  return codec.decode(new MsgpackReader(fromHex(hex)));
}

function assertBothWays<T>(codec: Codec<T>, value: T, hex: string): void {
  assert.equal(toHex(encodeWith(codec, gossipDialect, value)), hex);
  assert.deepEqual(decode(codec, hex), value);
}

test('integers of each width take their edges and nothing beyond', () => {
  const widths: readonly (readonly [Codec<number>, number, number])[] = [
    [uint8, 0, 0xff],
    [uint16, 0, 0xffff],
    [uint32, 0, 0xffffffff],
    [uint64, 0, Number.MAX_SAFE_INTEGER],
    [int32, -(2 ** 31), 2 ** 31 - 1],
    [int64, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ];
  for (const [codec, min, max] of widths) {
    for (const edge of [min, max]) {
      assert.equal(codec.decode(new MsgpackReader(encodeWith(codec, gossipDialect, edge))), edge);
    }
    assert.throws(() => encodeWith(codec, gossipDialect, min - 1), RangeError);
    assert.throws(() => encodeWith(codec, gossipDialect, max + 1), RangeError);
    assert.throws(() => encodeWith(codec, gossipDialect, 0.5), RangeError);
  }
});

test('an integer out of the range of its field is malformed, such as a negative unsigned one', () => {
  assert.throws(() => decode(uint8, 'cd0100'), decodeError('malformed'));
  assert.throws(() => decode(uint16, 'ce00010000'), decodeError('malformed'));
  assert.throws(() => decode(uint32, 'cf0000000100000000'), decodeError('malformed'));
  assert.throws(() => decode(int32, 'ce80000000'), decodeError('malformed'));
  assert.throws(() => decode(uint64, 'ff'), decodeError('malformed'));
  assert.throws(() => decode(uint32, 'd1ffff'), decodeError('malformed'));
});

test('any integer form fits any integer field', () => {
  for (const hex of [
    '05',
    'cc05',
    'cd0005',
    'ce00000005',
    'cf0000000000000005',
    'd005',
    'd10005',
    'd200000005',
  ]) {
    for (const codec of [uint8, uint16, uint32, uint64, int32, int64]) assert.equal(decode(codec, hex), 5);
  }
});

test('nil is the zero value of everything', () => {
  for (const codec of [uint8, uint64, int64, float64]) assert.equal(decode(codec, 'c0'), 0);
  assert.equal(decode(boolean, 'c0'), false);
  assert.equal(decode(text, 'c0'), '');
  assert.deepEqual(decode(bytes, 'c0'), new Uint8Array(0));
  assert.deepEqual(decode(list(text, 9), 'c0'), []);
  assert.deepEqual(decode(textMap(text, 9), 'c0'), new Map());
  assert.deepEqual(decode(list(text, 9), '92c0a161'), ['', 'a']);
});

test('the zero value is what nil decodes to', () => {
  for (const codec of [uint8, uint16, uint32, uint64, int32, int64, float64]) assert.equal(codec.zero(), 0);
  assert.equal(boolean.zero(), false);
  assert.equal(text.zero(), '');
  assert.deepEqual(bytes.zero(), new Uint8Array(0));
  assert.equal(nilableBytes.zero(), null);
  assert.deepEqual(list(text, 9).zero(), []);
  assert.deepEqual(textMap(text, 9).zero(), new Map());
});

test('nil and empty bytes are c0 and a0, and both are read as empty where nil has no meaning', () => {
  assertBothWays(bytes, new Uint8Array(0), 'a0');
  assertBothWays(nilableBytes, null, 'c0');
  assertBothWays(nilableBytes, new Uint8Array(0), 'a0');
  assert.equal(toHex(encodeWith(nilableBytes, rpcDialect, new Uint8Array(0))), 'c400');
});

test('nil and empty lists and maps are told apart where it matters', () => {
  assertBothWays(nilableList(uint8, 9), null, 'c0');
  assertBothWays(nilableList(uint8, 9), [], '90');
  assertBothWays(nilable(textMap(uint8, 9)), null, 'c0');
  assertBothWays(nilable(textMap(uint8, 9)), new Map(), '80');
});

test('a 64-bit number that others choose is kept to its last bit', () => {
  assertBothWays(bigUint64, 0n, '00');
  assertBothWays(bigUint64, 42n, '2a');
  assertBothWays(bigUint64, 2n ** 53n - 1n, 'cf001fffffffffffff');
  assertBothWays(bigUint64, 2n ** 53n, 'cf0020000000000000');
  assertBothWays(bigUint64, 2n ** 64n - 1n, 'cfffffffffffffffff');
  assert.equal(decode(bigUint64, 'c0'), 0n);
  assert.throws(() => decode(bigUint64, 'ff'), decodeError('malformed'));
  assert.throws(() => decode(bigUint64, 'cf00'), decodeError('truncated'));
  assert.throws(() => encodeWith(bigUint64, gossipDialect, -1n), RangeError);
  assert.throws(() => encodeWith(bigUint64, gossipDialect, 2n ** 64n), RangeError);
});

test('a duration that no number holds exactly becomes the nearest one, and stays it', () => {
  assertBothWays(nearestInt64, 15e9, 'cf000000037e11d600');
  assertBothWays(nearestInt64, -1, 'ff');
  assertBothWays(nearestInt64, 2 ** 60, 'cf1000000000000000');
  assertBothWays(nearestInt64, -(2 ** 60), 'd3f000000000000000');
  assert.equal(decode(nearestInt64, 'cf0020000000000001'), 2 ** 53);
  assert.equal(decode(nearestInt64, 'd38000000000000000'), -(2 ** 63));
  assert.equal(toHex(encodeWith(nearestInt64, gossipDialect, 2 ** 63)), 'cf7fffffffffffffff');
  assert.equal(toHex(encodeWith(nearestInt64, gossipDialect, -(2 ** 64))), 'd38000000000000000');
  assert.throws(() => decode(nearestInt64, 'cf8000000000000000'), decodeError('malformed'));
  assert.throws(() => encodeWith(nearestInt64, gossipDialect, 0.5), RangeError);
});

test('simple values go both ways', () => {
  assertBothWays(boolean, true, 'c3');
  assertBothWays(float64, 1.5, 'cb3ff8000000000000');
  assertBothWays(text, 'grün', 'a56772c3bc6e');
  assertBothWays(bytes, fromHex('7f000001'), 'a47f000001');
  assertBothWays(list(uint16, 3), [1, 256], '9201cd0100');
});

test('a map keeps the order in which it was filled, and the last value of a key', () => {
  assertBothWays(
    textMap(uint8, 9),
    new Map([
      ['b', 1],
      ['a', 2],
    ]),
    '82a16201a16102',
  );
  assert.deepEqual(decode(textMap(uint8, 9), '82a16101a16102'), new Map([['a', 2]]));
});

test('a list or map with more elements than its owner allows exceeds the limit', () => {
  assert.deepEqual(decode(list(uint8, 2), '920102'), [1, 2]);
  assert.throws(() => decode(list(uint8, 2), '93010203'), decodeError('limit'));
  assert.throws(() => decode(textMap(uint8, 1), '82a16101a16202'), decodeError('limit'));
});

test('a message type goes before the body', () => {
  assert.equal(toHex(encodeWith(text, gossipDialect, 'a', 13)), '0da161');
  assert.equal(toHex(encodeWith(text, gossipDialect, 'a', 0)), '00a161');
});
