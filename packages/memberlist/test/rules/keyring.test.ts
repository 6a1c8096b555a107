// The ring of keys.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keyring } from '@reeve/memberlist';

const key = (byte: number, length = 16) => new Uint8Array(length).fill(byte);
const keysOf = (ring: Keyring) => ring.keys.map(({ raw }) => raw[0]);

test('[22] the first key is the primary one; using another puts it in front', () => {
  const ring = new Keyring([key(1), key(2), key(3)]);
  assert.equal(ring.primary.raw[0], 1);
  ring.use(key(3));
  assert.deepEqual(keysOf(ring), [3, 1, 2]);
});

test('a key is on the ring once, however often it is installed', () => {
  const ring = new Keyring([key(1), key(1)]);
  ring.install(key(2));
  ring.install(key(2));
  assert.deepEqual(keysOf(ring), [1, 2]);
});

test('what the original refuses is refused in its words', () => {
  assert.throws(() => new Keyring([]), /Empty primary key not allowed/);
  assert.throws(() => new Keyring([key(1, 5)]), /key size must be 16, 24 or 32 bytes/);
  const ring = new Keyring([key(1), key(2)]);
  assert.throws(() => ring.install(key(9, 33)), /key size must be 16, 24 or 32 bytes/);
  assert.throws(() => ring.use(key(9)), /Requested key is not in the keyring/);
  assert.throws(() => ring.remove(key(1)), /Removing the primary key is not allowed/);
});

test('a removed key is gone, and removing it again is no error', () => {
  const ring = new Keyring([key(1), key(2)]);
  ring.remove(key(2));
  ring.remove(key(2));
  assert.deepEqual(keysOf(ring), [1]);
});

test('a ring is full with 64 keys', () => {
  const ring = new Keyring(Array.from({ length: 64 }, (_, index) => key(index)));
  assert.throws(() => ring.install(key(64)), /keyring is full/);
  ring.install(key(5));
});
