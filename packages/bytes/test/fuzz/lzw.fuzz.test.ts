// Random bytes as packed streams, and packed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError, lzwDecode, lzwEncode } from '@reeve/bytes';
import { fuzzTarget } from '@reeve/fuzz';

const bytesMax = 20_000;

test('a packed stream decodes within its bound to what can be packed again, or is refused', () => {
  const counts = fuzzTarget({
    name: 'lzwDecode',
    seeds: [
      lzwEncode(new Uint8Array(0)),
      lzwEncode(Buffer.from('to be or not to be or to be or not')),
      lzwEncode(new Uint8Array(600)),
      lzwEncode(Uint8Array.from({ length: 400 }, (_, i) => i * i)),
    ],
    run: (input) => {
      const plain = lzwDecode(input, bytesMax);
      assert.ok(plain.length <= bytesMax);
      assert.deepEqual(lzwDecode(lzwEncode(plain), plain.length), plain);
    },
    allow: (error) => error instanceof DecodeError,
  });
  assert.ok(counts.accepted > 0 && counts.rejected > 0);
});

test('any bytes come back from being packed', () => {
  const counts = fuzzTarget({
    name: 'lzwEncode',
    seeds: [Buffer.from('to be or not to be'), new Uint8Array(50)],
    run: (input) => assert.ok(Buffer.compare(lzwDecode(lzwEncode(input), input.length), input) === 0),
    allow: () => false,
  });
  assert.equal(counts.rejected, 0);
});
