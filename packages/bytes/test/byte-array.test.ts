// Joining, copying, comparing and ordering bytes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareBytes, concatBytes, copyBytes, equalBytes } from '@reeve/bytes';
import { fromHex } from './hex.ts';

test('parts are joined in order into an array of its own', () => {
  const part = fromHex('0102');
  const joined = concatBytes([part, new Uint8Array(0), fromHex('03')]);
  part[0] = 9;
  assert.deepEqual(joined, fromHex('010203'));
  assert.deepEqual(concatBytes([]), new Uint8Array(0));
});

test('a copy is a plain array of its own, of a Buffer too', () => {
  for (const length of [0, 1, 24, 25, 1000]) {
    const source = Buffer.alloc(length + 2, 7);
    const copy = copyBytes(source, 1, length + 1);
    source.fill(0);
    assert.deepEqual(copy, new Uint8Array(length).fill(7));
    assert.equal(copy.buffer.byteLength, length);
  }
  assert.deepEqual(copyBytes(fromHex('0102')), fromHex('0102'));
});

test('arrays are equal when their bytes are', () => {
  assert.ok(equalBytes(fromHex('0102'), fromHex('000102').subarray(1)));
  assert.ok(!equalBytes(fromHex('0102'), fromHex('0103')));
  assert.ok(!equalBytes(fromHex('01'), fromHex('0100')));
  assert.ok(equalBytes(new Uint8Array(0), new Uint8Array(0)));
});

test('bytes are ordered as unsigned, a prefix first', () => {
  const ordered = ['', '00', '01', '01ff', '7f', '80', 'ff'].map(fromHex);
  const shuffled = [3, 6, 0, 5, 1, 4, 2].map((i) => ordered[i] ?? new Uint8Array(0));
  assert.deepEqual(shuffled.sort(compareBytes), ordered);
});
