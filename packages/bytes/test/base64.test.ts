// Base64 against RFC 4648, and its errors against Go's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError, decodeBase64, encodeBase64 } from '@reeve/bytes';
import fc from 'fast-check';
import { fromHex, toHex } from './hex.ts';

test('the vectors of RFC 4648 hold both ways', () => {
  const vectors = {
    '': '',
    f: 'Zg==',
    fo: 'Zm8=',
    foo: 'Zm9v',
    foob: 'Zm9vYg==',
    fooba: 'Zm9vYmE=',
    foobar: 'Zm9vYmFy',
  };
  for (const [plain, text] of Object.entries(vectors)) {
    assert.equal(encodeBase64(Buffer.from(plain)), text);
    assert.equal(Buffer.from(decodeBase64(text)).toString(), plain);
  }
});

test('any bytes come back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.deepEqual(decodeBase64(encodeBase64(bytes)), bytes);
    }),
  );
  assert.equal(encodeBase64(fromHex('fbff00').subarray(0, 2)), '+/8=');
});

test('newlines count nowhere, and left-over bits do not matter', () => {
  assert.equal(toHex(decodeBase64('\r\nZ\nm\r9\nv\n')), '666f6f');
  assert.equal(toHex(decodeBase64('Zg=\n=\n')), '66');
  assert.equal(toHex(decodeBase64('\n')), '');
  assert.equal(toHex(decodeBase64('Zh==')), '66');
});

test('an error names the byte that Go names', () => {
  // Each answer was given by `serf agent -encrypt=TEXT`, version 0.9.4.
  const answers: Readonly<Record<string, number>> = {
    'foo!': 3,
    foo: 0,
    A: 0,
    AA: 0,
    'AAAA\nA': 5,
    'A\nA\nA': 2,
    '=': 0,
    'A=': 1,
    'AA=': 3,
    'AA=\n': 4,
    'AA=A': 2,
    'AA=\nA': 3,
    'AA==A': 4,
    'AA\n=\n\nA': 5,
    'AAA==': 4,
    'AAA=\nA': 5,
    'AAAAAAAA!AAA': 8,
    'AA AA': 2,
    'AA-A': 2,
    éAAA: 0,
    'Aé==': 1,
  };
  for (const [text, at] of Object.entries(answers)) {
    const expected = new DecodeError('malformed', `illegal base64 data at input byte ${at}`);
    assert.throws(() => decodeBase64(text), expected, text);
  }
});
