// The dump parser on its own, above all on dumps that are damaged.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CaptureError } from '@reeve/golden';
import { parseDump } from '../dist/hex-dump.js';

const fullRow = '0000  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  |................|';
const shortRow = '0010  61 7c                                            |a||';

test('rows are joined in order', () => {
  const { bytes, cutBytes, decoded } = parseDump([fullRow, shortRow, '--- decoded', 'two rows'], 0, 18);
  assert.deepEqual([...bytes.slice(14)], [14, 15, 0x61, 0x7c]);
  assert.equal(cutBytes, 0);
  assert.equal(decoded, 'two rows');
});

test('what stands further right is unpacked from it, not part of it', () => {
  const inner = ['  0000  aa bb                                            |..|'];
  const { bytes, unpacked } = parseDump([fullRow, 'plaintext:', ...inner, 'again:', ...inner], 0, 16);
  assert.equal(bytes.length, 16);
  assert.deepEqual(unpacked, [Uint8Array.of(0xaa, 0xbb), Uint8Array.of(0xaa, 0xbb)]);
});

test('a cut dump says how much is missing', () => {
  assert.equal(parseDump([fullRow, '… 84 more bytes'], 0, 100).cutBytes, 84);
});

test('a dump that does not have the stated size is refused', () => {
  assert.throws(() => parseDump([fullRow], 0, 17), CaptureError);
  assert.throws(() => parseDump([fullRow, '… 1 more bytes'], 0, 16), CaptureError);
  assert.throws(() => parseDump([fullRow, '… cut'], 0), CaptureError);
});

test('a dump with a missing row or a damaged row is refused', () => {
  assert.throws(() => parseDump([shortRow], 0, 2), CaptureError);
  assert.throws(() => parseDump(['0000  61 62  |a|'], 0, 2), CaptureError);
});
