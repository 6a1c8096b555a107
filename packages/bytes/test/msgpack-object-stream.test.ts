// Objects out of bytes that arrive in any pieces.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError, MsgpackObjectStream } from '@reeve/bytes';

const objects = [
  [0x05],
  [0xc0],
  [0xa3, 0x61, 0x62, 0x63],
  [0xd9, 0x02, 0x61, 0x62],
  [0xc4, 0x01, 0x00],
  [0x80],
  [0x82, 0xa1, 0x61, 0x01, 0xa1, 0x62, 0x92, 0x01, 0x02],
  [0xdd, 0x00, 0x00, 0x00, 0x02, 0xcf, 1, 2, 3, 4, 5, 6, 7, 8, 0x91, 0x90],
  [0xd4, 0x01, 0x02],
].map((object) => Uint8Array.from(object));

test('objects come out whole however the stream is cut', () => {
  const all = Uint8Array.from(objects.flatMap((object) => [...object]));
  for (let pieceBytes = 1; pieceBytes <= all.length; pieceBytes++) {
    const stream = new MsgpackObjectStream(100);
    const found: Uint8Array[] = [];
    for (let at = 0; at < all.length; at += pieceBytes) {
      stream.push(all.subarray(at, at + pieceBytes));
      for (let object = stream.next(); object !== undefined; object = stream.next()) found.push(object);
    }
    assert.deepEqual(found, objects);
    assert.equal(stream.bufferedBytes, 0);
  }
});

test('an object that announces more than the limit is refused before it arrives', () => {
  for (const start of [
    [0xdb, 0xff, 0xff, 0xff, 0xff],
    [0xc6, 0x00, 0x00, 0x00, 0x65],
    [0xdd, 0xff, 0xff, 0xff, 0xff],
    [0xdf, 0x00, 0x00, 0x00, 0x33],
    [0x92, 0xd9, 0x60, ...Array(96).fill(0x61), 0xd9, 0x60],
  ]) {
    const stream = new MsgpackObjectStream(100);
    stream.push(Uint8Array.from(start));
    assert.throws(
      () => stream.next(),
      (error) => error instanceof DecodeError && error.code === 'limit',
    );
  }
});

test('an object of just the limit is taken', () => {
  const stream = new MsgpackObjectStream(100);
  stream.push(Uint8Array.from([0xd9, 98, ...Array(98).fill(0x61)]));
  assert.equal(stream.next()?.length, 100);
});

test('a byte that starts nothing is refused', () => {
  const stream = new MsgpackObjectStream(100);
  stream.push(Uint8Array.of(0xc1));
  assert.throws(() => stream.next(), DecodeError);
});

test('the work is linear in the bytes, however deep they nest and however small the pieces', () => {
  const stream = new MsgpackObjectStream(1_000_000);
  const start = process.cpuUsage();
  for (let byte = 0; byte < 200_000; byte++) {
    stream.push(Uint8Array.of(0x91)); // an array in an array in an array …
    assert.equal(stream.next(), undefined);
  }
  assert.ok(process.cpuUsage(start).user < 5_000_000); // microseconds of ours
});
