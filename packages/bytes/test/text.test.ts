// Texts of any bytes: valid UTF-8, and what is none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeText, encodeText, textByteLength } from '@reeve/bytes';
import fc from 'fast-check';
import { fromHex, toHex } from './hex.ts';

test('valid UTF-8 is text as everywhere', () => {
  for (const text of [
    '',
    'node-1',
    'é',
    '€',
    '😀',
    '\ufeffbom',
    '\0',
    `${'a'.repeat(40)}ü😀`,
    'z'.repeat(1000),
  ]) {
    assert.deepEqual(encodeText(text), new Uint8Array(Buffer.from(text)));
    assert.equal(decodeText(encodeText(text)), text);
  }
});

test('the first and last character of each length are encoded as everywhere', () => {
  for (const point of [
    0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x40001, 0xfffff, 0x10ffff,
  ]) {
    const text = String.fromCodePoint(point);
    assert.deepEqual(encodeText(text), new Uint8Array(Buffer.from(text)));
    assert.equal(textByteLength(text), Buffer.byteLength(text));
    assert.equal(decodeText(encodeText(text)), text);
  }
});

test('each byte that is not UTF-8 becomes one lone low surrogate', () => {
  assert.equal(decodeText(fromHex('61ff62')), 'a\udcffb');
  assert.equal(decodeText(fromHex('8081')), '\udc80\udc81');
});

test('overlong forms, encoded surrogates, cut sequences and what lies above U+10FFFF are not UTF-8', () => {
  const invalid = [
    'c080',
    'c1bf',
    'e08080',
    'e09fbf',
    'eda080',
    'edbfbf',
    'f0808080',
    'f08fbfbf',
    'f4908080',
    'f1c08080',
    'e1c080',
    'c3c0',
    'e180c0',
  ];
  for (const hex of [...invalid, 'f5808080', 'ff', 'c3', 'e282', 'f09f98', 'e28261', 'c328']) {
    const text = decodeText(fromHex(hex));
    assert.equal(text.charCodeAt(0) & 0xff80, 0xdc80, hex);
    assert.equal(toHex(encodeText(text)), hex);
  }
});

test('the edges of each UTF-8 length are valid beside an invalid byte', () => {
  for (const hex of [
    '00',
    '7f',
    'c280',
    'dfbf',
    'e0a080',
    'ed9fbf',
    'ee8080',
    'efbfbf',
    'f0908080',
    'f48fbfbf',
  ]) {
    assert.equal(decodeText(fromHex(`ff${hex}`)), `\udcff${Buffer.from(hex, 'hex')}`);
  }
});

test('any bytes survive the way through a string, so different bytes are different strings', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      assert.deepEqual(encodeText(decodeText(bytes)), bytes);
    }),
  );
});

test('every string can be encoded, and its length is known before', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      assert.equal(textByteLength(text), encodeText(text).length);
    }),
  );
  for (const text of ['é', '€', '😀', '\udcff', '\ud83d'].map((each) => `${'a'.repeat(100)}${each}z`)) {
    assert.equal(textByteLength(text), encodeText(text).length);
    assert.equal(encodeText(text).at(-1), 0x7a);
  }
  for (const text of [
    '\ud800',
    'a\udfff',
    '\udc00\ud800',
    '\ud83d',
    '\udcff',
    '\ud83d\udcff',
    '\udd00',
    '\ud83d\udc01',
  ]) {
    assert.equal(textByteLength(text), encodeText(text).length);
  }
});

test('a lone surrogate that stands for no byte is written as U+FFFD', () => {
  assert.equal(toHex(encodeText('a\ud800b\udc7f')), '61efbfbd62efbfbd');
});

test('a pair whose second half looks like an escaped byte is still one character', () => {
  assert.equal(toHex(encodeText('\ud83d\udc80')), 'f09f9280');
});
