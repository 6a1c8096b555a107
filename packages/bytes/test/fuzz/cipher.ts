// Random bytes as padding and as sealed messages.

import assert from 'node:assert/strict';
import { AesKey, DecodeError, equalBytes, pkcs7Pad, pkcs7Unpad } from '@reeve/bytes';
import { type FuzzTarget, Refused } from '@reeve/fuzz';

const padding: FuzzTarget = {
  name: 'padding',
  promise: 'padding is taken off exactly when it is whole',
  seeds: [0, 1, 15, 16].map((length) => pkcs7Pad(new Uint8Array(length), 16)),
  open: () => ({
    run: (input) => assert.ok(equalBytes(pkcs7Pad(pkcs7Unpad(input, 16), 16), input)),
  }),
  refuses: (error) => error instanceof DecodeError,
};

const key = new AesKey(new Uint8Array(16));
const nonce = new Uint8Array(12).fill(7);
const additional = new Uint8Array(5);
const packet = (plain: Uint8Array) => Buffer.concat([nonce, key.seal(nonce, plain, additional)]);
const packets = [packet(new Uint8Array(0)), packet(new Uint8Array(20))];

const sealed: FuzzTarget = {
  name: 'sealed messages',
  promise: 'nothing opens but what was sealed',
  seeds: packets,
  open: () => ({
    run: (input) => {
      const opened = key.open(input.subarray(0, 12), input.subarray(12), additional);
      const isSealed = packets.some((each) => equalBytes(each, input));
      assert.equal(opened !== undefined, isSealed);
      if (!isSealed) throw new Refused();
    },
  }),
};

export const cipherTargets: readonly FuzzTarget[] = [padding, sealed];
