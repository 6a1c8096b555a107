// Random bytes as padding and as sealed messages.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AesKey, DecodeError, equalBytes, pkcs7Pad, pkcs7Unpad } from '@reeve/bytes';
import { fuzzTarget } from '@reeve/fuzz';

test('padding is taken off exactly when it is whole', () => {
  const counts = fuzzTarget({
    name: 'pkcs7Unpad',
    seeds: [0, 1, 15, 16].map((length) => pkcs7Pad(new Uint8Array(length), 16)),
    run: (input) => assert.ok(equalBytes(pkcs7Pad(pkcs7Unpad(input, 16), 16), input)),
    allow: (error) => error instanceof DecodeError,
  });
  assert.ok(counts.accepted > 0 && counts.rejected > 0);
});

test('nothing opens but what was sealed', () => {
  const key = new AesKey(new Uint8Array(16));
  const nonce = new Uint8Array(12).fill(7);
  const additional = new Uint8Array(5);
  const packet = (plain: Uint8Array) => Buffer.concat([nonce, key.seal(nonce, plain, additional)]);
  const seeds = [packet(new Uint8Array(0)), packet(new Uint8Array(20))];
  fuzzTarget({
    name: 'AesKey.open',
    seeds,
    run: (input) => {
      const opened = key.open(input.subarray(0, 12), input.subarray(12), additional);
      const isSealed = seeds.some((seed) => equalBytes(seed, input));
      assert.equal(opened !== undefined, isSealed);
    },
    allow: () => false,
  });
});
