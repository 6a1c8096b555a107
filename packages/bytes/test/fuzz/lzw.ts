// Random bytes as packed streams, and packed.

import assert from 'node:assert/strict';
import { DecodeError, lzwDecode, lzwEncode } from '@reeve/bytes';
import type { FuzzTarget } from '@reeve/fuzz';

const bytesMax = 20_000;

const unpacking: FuzzTarget = {
  name: 'lzw unpacking',
  promise: 'a packed stream decodes within its bound to what can be packed again, or is refused',
  seeds: [
    lzwEncode(new Uint8Array(0)),
    lzwEncode(Buffer.from('to be or not to be or to be or not')),
    lzwEncode(new Uint8Array(600)),
    lzwEncode(Uint8Array.from({ length: 400 }, (_, i) => i * i)),
  ],
  open: () => ({
    run: (input) => {
      const plain = lzwDecode(input, bytesMax);
      assert.ok(plain.length <= bytesMax);
      assert.deepEqual(lzwDecode(lzwEncode(plain), plain.length), plain);
    },
  }),
  refuses: (error) => error instanceof DecodeError,
};

const packing: FuzzTarget = {
  name: 'lzw packing',
  promise: 'any bytes come back from being packed',
  seeds: [Buffer.from('to be or not to be'), new Uint8Array(50)],
  open: () => ({
    run: (input) => assert.ok(Buffer.compare(lzwDecode(lzwEncode(input), input.length), input) === 0),
  }),
};

export const lzwTargets: readonly FuzzTarget[] = [unpacking, packing];
