// Bytes kept as text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesKept, bytesToKeep } from '../dist/index.js';

test('bytes kept as a text come back as they were, whatever they are', () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  for (const bytes of [new Uint8Array(0), all, new Uint8Array(100_000).fill(0xff)]) {
    assert.deepEqual(bytesKept(bytesToKeep(bytes)), bytes);
  }
});

test('a text keeps a part of a buffer, and not the buffer', () => {
  const packet = Uint8Array.of(1, 2, 3, 4);
  const text = bytesToKeep(packet.subarray(1, 3));
  packet.fill(0);
  assert.deepEqual(bytesKept(text), Uint8Array.of(2, 3));
});
