// LZW against streams that Go packed, and at the edges of its tables.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { lzwDecode, lzwEncode } from '@reeve/bytes';
import fc from 'fast-check';
import { decodeError, fromHex, toHex } from './hex.ts';

/** Pairs of plain and packed bytes made by Go's compress/lzw; the file says how. */
const vectors = readFileSync(new URL('../../../testdata/vectors/lzw.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [plain = '', packed = ''] = line.split(' ');
    return { plain: fromHex(plain), packed: fromHex(packed) };
  });

/** Packs codes as given, each in its width, lowest bits first. */
function packCodes(codes: readonly (readonly [code: number, width: number])[]): Uint8Array {
  let bits = '';
  for (const [code, width] of codes) bits = code.toString(2).padStart(width, '0') + bits;
  const bytes = Math.ceil(bits.length / 8);
  bits = bits.padStart(bytes * 8, '0');
  return Uint8Array.from({ length: bytes }, (_, i) =>
    Number.parseInt(bits.slice(-8 * (i + 1)).slice(0, 8), 2),
  );
}

test("packed bytes equal Go's, table resets included", () => {
  assert.ok(vectors.length > 20 && vectors.some(({ plain }) => plain.length > 30_000));
  for (const { plain, packed } of vectors) assert.equal(toHex(lzwEncode(plain)), toHex(packed));
});

test("Go's packed bytes are unpacked", () => {
  for (const { plain, packed } of vectors) assert.deepEqual(lzwDecode(packed, plain.length), plain);
});

test('nothing is packed as a clear code and an end code', () => {
  assert.deepEqual(
    lzwEncode(new Uint8Array(0)),
    packCodes([
      [256, 9],
      [257, 9],
    ]),
  );
  assert.deepEqual(lzwDecode(lzwEncode(new Uint8Array(0)), 0), new Uint8Array(0));
});

test('any bytes come back, whatever the lengths of runs and tables', () => {
  const run = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 3000 }));
  fc.assert(
    fc.property(fc.array(run, { maxLength: 6 }), (runs) => {
      const plain = Uint8Array.from(
        runs.flatMap(([part, times]) => Array.from({ length: times }, () => [...part])).flat(),
      );
      assert.deepEqual(lzwDecode(lzwEncode(plain), plain.length), plain);
    }),
    { numRuns: 40 },
  );
});

test('every length around a reset of the table comes back', () => {
  // Bytes that never repeat a pair fill the table as fast as can be: one entry a byte.
  const plain = Uint8Array.from({ length: 8000 }, (_, i) => (i % 2 === 0 ? i >> 1 : i >> 9));
  for (let length = 3820; length <= 3860; length++) {
    const part = plain.subarray(0, length);
    assert.deepEqual(lzwDecode(lzwEncode(part), length), part);
  }
  assert.deepEqual(lzwDecode(lzwEncode(plain), plain.length), plain);
});

test('a code may be used in the step that makes it', () => {
  const packed = packCodes([
    [256, 9],
    [97, 9],
    [258, 9],
    [259, 9],
    [257, 9],
  ]);
  assert.equal(Buffer.from(lzwDecode(packed, 6)).toString(), 'aaaaaa');
  assert.deepEqual(lzwEncode(Buffer.from('aaaaaa')), packed);
});

test('[16] a stream need not start with a clear, may clear at any time, and ends at its end code', () => {
  assert.equal(
    toHex(
      lzwDecode(
        packCodes([
          [97, 9],
          [257, 9],
        ]),
        9,
      ),
    ),
    '61',
  );
  const cleared = packCodes([
    [97, 9],
    [98, 9],
    [256, 9],
    [256, 9],
    [99, 9],
    [257, 9],
    [300, 9],
  ]);
  assert.equal(Buffer.from(lzwDecode(cleared, 9)).toString(), 'abc');
});

test('a full table is used as it is until it is cleared', () => {
  const literals = Array.from({ length: 5000 }, (_, i) => {
    const last = Math.min(256 + i, 4095); // the highest code before this one is read
    return [i & 0xff, last < 511 ? 9 : last < 1023 ? 10 : last < 2047 ? 11 : 12] as const;
  });
  const expected = Uint8Array.from(literals, ([literal]) => literal);
  assert.deepEqual(lzwDecode(packCodes([...literals, [257, 12]]), 5000), expected);
  const lastEntry = lzwDecode(packCodes([...literals, [4095, 12], [257, 12]]), 5002);
  assert.deepEqual(lastEntry.subarray(5000), expected.subarray(4095 - 258, 4095 - 258 + 2));
});

test('a code that is not in the table is malformed', () => {
  for (const codes of [[258], [97, 259], [97, 98, 260], [97, 98, 256, 258], [97, 98, 256, 97, 259]]) {
    const packed = packCodes([...codes.map((code) => [code, 9] as const), [257, 9]]);
    assert.throws(() => lzwDecode(packed, 100), decodeError('malformed'), String(codes));
  }
});

test('a stream cut anywhere is truncated', () => {
  const packed = lzwEncode(Buffer.from('to be or not to be or to be or not'));
  for (let end = 0; end < packed.length; end++) {
    assert.throws(() => lzwDecode(packed.subarray(0, end), 100), decodeError('truncated'));
  }
});

test('more output than allowed is refused, to the byte', () => {
  for (const length of [1, 2, 100, 5000, 100_000]) {
    const packed = lzwEncode(new Uint8Array(length));
    assert.equal(lzwDecode(packed, length).length, length);
    assert.throws(() => lzwDecode(packed, length - 1), decodeError('limit'));
  }
});

test('a bomb costs no more memory than its bound', () => {
  const bomb = lzwEncode(new Uint8Array(50_000_000));
  assert.ok(bomb.length < 60_000);
  const before = process.memoryUsage().arrayBuffers;
  assert.throws(() => lzwDecode(bomb, 1_000_000), decodeError('limit'));
  assert.ok(process.memoryUsage().arrayBuffers - before < 4_000_000);
});

test('unpacked bytes lie in an array of their own', () => {
  assert.equal(lzwDecode(lzwEncode(new Uint8Array(500)), 500).buffer.byteLength, 500);
});
