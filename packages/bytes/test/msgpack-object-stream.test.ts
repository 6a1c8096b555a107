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

test('several values are an object where they belong together; bytes between objects are taken', () => {
  const stream = new MsgpackObjectStream(100, 2);
  stream.push(Uint8Array.of(0x01, 0x91));
  assert.equal(stream.next(), undefined);
  stream.push(Uint8Array.of(0x02, 0xc1, 0xc1, 0x03, 0xc0, 0x05));
  assert.deepEqual(stream.next(), Uint8Array.of(0x01, 0x91, 0x02));
  assert.deepEqual(stream.take(2), Uint8Array.of(0xc1, 0xc1));
  assert.deepEqual(stream.nextInPlace(), Uint8Array.of(0x03, 0xc0));
  assert.equal(stream.next(), undefined);
  assert.equal(stream.bufferedBytes, 1);
});

test('a little behind a large object does not keep the memory of all', () => {
  const stream = new MsgpackObjectStream(2_000_000);
  stream.push(Uint8Array.from([0xc6, 0x00, 0x0f, 0x42, 0x40]));
  for (let left = 1_000_000; left > 0; left -= 50_000) stream.push(new Uint8Array(50_000));
  stream.push(Uint8Array.of(0x93));
  assert.ok(stream.heldBytes <= 2_000_000, 'no more than the largest object');
  assert.equal(stream.next()?.length, 1_000_005);
  assert.deepEqual([stream.bufferedBytes, stream.heldBytes], [1, 1]);
});

test('a long object that comes byte by byte costs no more than one that comes at once', () => {
  const stream = new MsgpackObjectStream(2_000_000);
  const start = process.cpuUsage();
  stream.push(Uint8Array.from([0xc6, 0x00, 0x0f, 0x42, 0x40]));
  stream.push(new Uint8Array(950_000));
  for (let left = 50_000; left > 0; left--) {
    assert.equal(stream.next(), undefined);
    stream.push(new Uint8Array(1));
  }
  assert.ok(stream.next());
  assert.ok(process.cpuUsage(start).user < 5_000_000); // microseconds of ours
});
