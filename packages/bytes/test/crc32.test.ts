// The checksum against the well-known value.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from '@reeve/bytes';

test('the checksum is CRC-32 with the IEEE polynomial, unsigned', () => {
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  assert.equal(crc32(new Uint8Array(0)), 0);
  assert.equal(crc32(new Uint8Array(4)), 0x2144df1c);
});
