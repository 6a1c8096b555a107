// AES-GCM against the vectors NIST adopted, and against everything that is not what was sealed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AesKey, KeySizeError } from '@reeve/bytes';
import { fromHex, toHex } from './hex.ts';

const none = new Uint8Array(0);

// The test cases of "The Galois/Counter Mode of Operation (GCM)", McGrew and Viega, which NIST adopted:
// those with a nonce of 12 bytes, for each key size.
const plainHex =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
  '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255';
const keyHex = 'feffe9928665731c6d6a8f9467308308';
const nonceHex = 'cafebabefacedbaddecaf888';
const aadHex = 'feedfacedeadbeeffeedfacedeadbeefabaddad2';
const cipher128 =
  '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e' +
  '21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985';
const cipher192 =
  '3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c' +
  '7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710acade256';
const cipher256 =
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa' +
  '8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad';
const zeroKey = '00'.repeat(16);
const zeroNonce = '00'.repeat(12);

const cases: readonly (readonly [key: string, nonce: string, plain: string, aad: string, sealed: string])[] =
  [
    [zeroKey, zeroNonce, '', '', '58e2fccefa7e3061367f1d57a4e7455a'],
    [zeroKey, zeroNonce, zeroKey, '', '0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf'],
    [keyHex, nonceHex, plainHex, '', `${cipher128}4d5c2af327cd64a62cf35abd2ba6fab4`],
    [
      keyHex,
      nonceHex,
      plainHex.slice(0, 120),
      aadHex,
      `${cipher128.slice(0, 120)}5bc94fbc3221a5db94fae95ae7121a47`,
    ],
    [`${keyHex}feffe9928665731c`, nonceHex, plainHex, '', `${cipher192}9924a7c8587336bfb118024db8674a14`],
    [
      `${keyHex}feffe9928665731c`,
      nonceHex,
      plainHex.slice(0, 120),
      aadHex,
      `${cipher192.slice(0, 120)}2519498e80f1478f37ba55bd6d27618c`,
    ],
    [`${keyHex}${keyHex}`, nonceHex, plainHex, '', `${cipher256}b094dac5d93471bdec1a502270e3cc6c`],
    [
      `${keyHex}${keyHex}`,
      nonceHex,
      plainHex.slice(0, 120),
      aadHex,
      `${cipher256.slice(0, 120)}76fc6ece0f4e1768cddf8853bb2d551b`,
    ],
  ];

test('sealing and opening agree with the published vectors for keys of 16, 24 and 32 bytes', () => {
  for (const [key, nonce, plain, aad, sealed] of cases) {
    const aesKey = new AesKey(fromHex(key));
    assert.equal(toHex(aesKey.seal(fromHex(nonce), fromHex(plain), fromHex(aad))), sealed);
    const opened = aesKey.open(fromHex(nonce), fromHex(sealed), fromHex(aad));
    assert.deepEqual(opened, fromHex(plain));
  }
});

test('a change of any bit, of the nonce, the additional data or the key opens nothing', () => {
  const key = new AesKey(fromHex(keyHex));
  const sealed = key.seal(fromHex(nonceHex), fromHex('010203'), fromHex('0a'));
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const forged = sealed.slice();
    forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(key.open(fromHex(nonceHex), forged, fromHex('0a')), undefined);
  }
  assert.equal(key.open(fromHex(zeroNonce), sealed, fromHex('0a')), undefined);
  assert.equal(key.open(fromHex(nonceHex), sealed, fromHex('0b')), undefined);
  assert.equal(key.open(fromHex(nonceHex), sealed, none), undefined);
  assert.equal(new AesKey(fromHex(zeroKey)).open(fromHex(nonceHex), sealed, fromHex('0a')), undefined);
  assert.deepEqual(key.open(fromHex(nonceHex), sealed, fromHex('0a')), fromHex('010203'));
});

test('what is too short for a tag or a nonce opens nothing', () => {
  const key = new AesKey(fromHex(keyHex));
  const sealed = key.seal(fromHex(nonceHex), none, none);
  for (let end = 0; end < sealed.length; end++) {
    assert.equal(key.open(fromHex(nonceHex), sealed.subarray(0, end), none), undefined);
  }
  for (const bytes of [0, 11, 13, 16]) assert.equal(key.open(new Uint8Array(bytes), sealed, none), undefined);
  assert.throws(() => key.seal(new Uint8Array(11), none, none), RangeError);
});

test('a key has 16, 24 or 32 bytes', () => {
  for (const bytes of [0, 15, 17, 31, 33, 64]) {
    const expected = { name: 'KeySizeError', message: 'key size must be 16, 24 or 32 bytes' };
    assert.throws(() => new AesKey(new Uint8Array(bytes)), expected);
  }
  assert.ok(new KeySizeError() instanceof RangeError);
});

test('a key keeps its own bytes', () => {
  const raw = Buffer.from(keyHex, 'hex');
  const key = new AesKey(raw);
  raw.fill(0);
  assert.equal(toHex(key.raw), keyHex);
});
