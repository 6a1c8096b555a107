// Several messages in one packet.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCompound, encodeCompounds } from '../../dist/core/wire/compound.js';
import { compound, ping } from '../kit/messages.ts';

for (const count of [1, 3, 127, 255]) {
  test(`[14] a compound of ${count} parts is taken apart`, () => {
    const parts = Array.from({ length: count }, (_, index) => ping(`n${index}`));
    assert.deepEqual(decodeCompound(compound(parts).subarray(1)), { parts, truncated: 0 });
  });
}

test('[14] of a cut compound the whole parts are taken', () => {
  const parts = [ping('a'), ping('b'), ping('c')];
  const cut = compound(parts).subarray(1, -1);
  assert.deepEqual(decodeCompound(cut), { parts: parts.slice(0, 2), truncated: 1 });
});

test('a compound without all of its lengths is refused', () => {
  assert.throws(() => decodeCompound(new Uint8Array(0)), /missing compound length byte/);
  assert.throws(() => decodeCompound(Uint8Array.of(2, 0, 0, 0)), /truncated len slice/);
});

test('[15] more than 127 messages travel in several compounds', () => {
  const messages = Array.from({ length: 300 }, (_, index) => ping(`n${index}`));
  const compounds = encodeCompounds(messages);
  assert.deepEqual(
    compounds.map((packet) => packet[1]),
    [127, 127, 46],
  );
  const parts = compounds.flatMap((packet) => decodeCompound(packet.subarray(1)).parts);
  assert.deepEqual(parts, messages);
});

test('a compound of ours is the bytes that upstream makes', () => {
  const parts = [ping('a'), ping('bc')];
  assert.deepEqual(encodeCompounds(parts), [compound(parts)]);
});
