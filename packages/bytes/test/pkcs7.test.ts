// Padding, whole and broken.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AesKey, pkcs7Pad, pkcs7Unpad } from '@reeve/bytes';
import { decodeError, fromHex, toHex } from './hex.ts';

test('padding fills the last block and says how long it is, a whole block if it was full', () => {
  assert.equal(toHex(pkcs7Pad(fromHex('aabb'), 16)), `aabb${'0e'.repeat(14)}`);
  assert.equal(toHex(pkcs7Pad(new Uint8Array(0), 16)), '10'.repeat(16));
  assert.equal(toHex(pkcs7Pad(new Uint8Array(16), 16)), '00'.repeat(16) + '10'.repeat(16));
  for (let length = 0; length < 50; length++) {
    const plain = new Uint8Array(length).fill(3);
    assert.deepEqual(pkcs7Unpad(pkcs7Pad(plain, 16), 16), plain);
  }
});

test('bytes that are not padded as a whole are malformed', () => {
  const zeros = '00'.repeat(13);
  for (const hex of [
    '',
    '01',
    `${zeros}000000`,
    `${zeros}000011`,
    `${zeros}0000ff`,
    `${zeros}000102`,
    `${zeros}020302`,
  ]) {
    assert.throws(() => pkcs7Unpad(fromHex(hex), 16), decodeError('malformed'), hex);
  }
  assert.equal(toHex(pkcs7Unpad(fromHex(`${zeros}000202`), 16)), `${zeros}00`);
});

test('a packet of encryption version 0 is the sealed, padded message', () => {
  const key = new AesKey(new Uint8Array(16));
  const nonce = new Uint8Array(12);
  const sealed = key.seal(nonce, pkcs7Pad(fromHex('0b81'), 16), new Uint8Array(0));
  assert.equal(sealed.length, 32);
  const opened = key.open(nonce, sealed, new Uint8Array(0));
  assert.equal(toHex(pkcs7Unpad(opened ?? new Uint8Array(0), 16)), '0b81');
});
