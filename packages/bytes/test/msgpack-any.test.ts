// Values without a schema.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  anyValue,
  decodeAny,
  encodeWith,
  gossipDialect,
  MsgpackReader,
  type MsgpackValue,
  rpcDialect,
} from '@reeve/bytes';
import { decodeError, fromHex, toHex } from './hex.ts';

function decode(hex: string, depthMax = 8): MsgpackValue {
  return decodeAny(new MsgpackReader(fromHex(hex)), depthMax);
}

test('every type is decoded to what it is', () => {
  const values: readonly (readonly [string, MsgpackValue])[] = [
    ['c0', null],
    ['c2', false],
    ['c3', true],
    ['00', 0],
    ['01', 1],
    ['ff', -1],
    ['ce00010000', 65536],
    ['d1ff7f', -129],
    ['ca3fc00000', 1.5],
    ['cb3ff8000000000000', 1.5],
    ['a161', 'a'],
    ['d90161', 'a'],
    ['da0001ff', '\udcff'],
    ['db0000000161', 'a'],
    ['c40161', fromHex('61')],
    ['c5000161', fromHex('61')],
    ['c60000000161', fromHex('61')],
    ['93c0a16190', [null, 'a', []]],
    [
      '82a16101c0c3',
      new Map<MsgpackValue, MsgpackValue>([
        ['a', 1],
        [null, true],
      ]),
    ],
  ];
  for (const [hex, value] of values) assert.deepEqual(decode(hex), value, hex);
});

test('values follow each other in one buffer', () => {
  const reader = new MsgpackReader(fromHex('81a5457272 6f72a0 01'));
  assert.deepEqual(decodeAny(reader, 1), new Map([['Error', '']]));
  assert.equal(decodeAny(reader, 0), 1);
});

test('nesting deeper than allowed exceeds the limit', () => {
  assert.deepEqual(decode('9181a0c0', 2), [new Map([['', null]])]);
  assert.throws(() => decode('9181a0c0', 1), decodeError('limit'));
  assert.throws(() => decode(`${'91'.repeat(3000)}c0`, 100), decodeError('limit'));
});

test('what is cut, never used or an extension is refused', () => {
  assert.throws(() => decode(''), decodeError('truncated'));
  assert.throws(() => decode('91'), decodeError('truncated'));
  assert.throws(() => decode('ddffffffff'), decodeError('truncated'));
  assert.throws(() => decode('c1'), decodeError('malformed'));
  assert.throws(() => decode('d40000'), decodeError('malformed'));
});

test('a value that was decoded without a schema is encoded as it came', () => {
  for (const hex of [
    'c0',
    'c2',
    'c3',
    '00',
    'd1ff7f',
    'cb3ff8000000000000',
    'a1ff',
    '82a16193c0a16190a16281a16301',
  ]) {
    assert.equal(toHex(encodeWith(anyValue(8), gossipDialect, decode(hex))), hex);
  }
  assert.equal(toHex(encodeWith(anyValue(8), rpcDialect, decode('c40161'))), 'c40161');
});

test('a whole number without a schema is encoded as an integer, also if it was a float', () => {
  assert.equal(toHex(encodeWith(anyValue(8), gossipDialect, decode('cb3ff0000000000000'))), '01');
});
