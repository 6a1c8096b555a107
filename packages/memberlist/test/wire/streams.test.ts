// Reading a stream's one message, however its bytes arrive, and what bounds it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keyring } from '@reeve/memberlist';
import {
  encodeAck,
  encodeMessage,
  streamErrorCodec,
  userStreamHeaderCodec,
} from '../../dist/core/wire/messages.js';
import { StreamReader, wrapStream } from '../../dist/core/wire/stream.js';
import { StreamBudget } from '../../dist/core/wire/stream-buffer.js';
import { encodePushPull, typeByteOf } from '../../dist/core/wire/stream-message.js';
import { ping, pushPullNode } from '../kit/messages.ts';
import { bareLayers, readStream } from '../kit/streams.ts';

const pushPull = {
  join: true,
  nodes: [pushPullNode('a'), pushPullNode('b', { state: 2 })],
  userState: Uint8Array.of(1, 2, 3),
};
const layers = {
  ...bareLayers,
  compression: true,
  keyring: new Keyring([new Uint8Array(16)]),
  label: 'blue',
  labelBytes: Uint8Array.from(Buffer.from('blue')),
};

test('[26] a push/pull without compression and encryption is read', () => {
  assert.deepEqual(readStream(encodePushPull(pushPull)), { type: 'pushPull', pushPull });
});

test('a message is the same byte by byte as in one chunk', () => {
  for (const message of [encodePushPull(pushPull), ping('beta'), encodeAck(7, null)]) {
    const bytes = wrapStream(layers, message, 'dialler');
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    assert.deepEqual(readStream(bytes, layers, 'acceptor', single), readStream(bytes, layers));
  }
});

test('a message that is not complete is waited for', () => {
  const bytes = wrapStream(layers, encodePushPull(pushPull), 'dialler');
  for (let end = 0; end < bytes.length; end++) {
    assert.throws(() => readStream(bytes.subarray(0, end), layers), /incomplete/);
  }
});

test('what was wrapped is all there is: bytes behind it mean nothing, and none are waited for', () => {
  const bytes = wrapStream(layers, encodePushPull(pushPull), 'dialler');
  const more = Uint8Array.of(...bytes, 1, 2, 3);
  assert.deepEqual(readStream(more, layers), { type: 'pushPull', pushPull });
  const half = wrapStream(layers, encodePushPull(pushPull).subarray(0, 40), 'dialler');
  const rest = encodePushPull(pushPull).subarray(40);
  for (const chunks of [[half], [half, rest]]) {
    assert.throws(() => readStream(half, layers, 'acceptor', chunks), /^DecodeError: unexpected EOF$/);
  }
});

test('every message has a type byte', () => {
  const refusal = encodeMessage('error', streamErrorCodec, { error: 'no' });
  const header = encodeMessage('user', userStreamHeaderCodec, { messageBytes: 2 });
  const messages = [ping(''), encodeAck(1, null), encodePushPull(pushPull), refusal, Uint8Array.of(99)];
  assert.deepEqual(
    messages.map((bytes) => typeByteOf(readStream(bytes))),
    [0, 2, 6, 13, 99],
  );
  assert.deepEqual(readStream(Uint8Array.of(...header, 5, 6)), {
    type: 'user',
    message: Uint8Array.of(5, 6),
  });
});

const bounds = { streamBytesMax: 1_000, nodesMax: 10, budget: new StreamBudget(4_096) };

function readBounded(bytes: Uint8Array, from = bareLayers): unknown {
  const reader = new StreamReader(from, bounds, 'acceptor');
  try {
    reader.push(bytes);
    return reader.read();
  } finally {
    reader.release();
  }
}

test('a stream longer than its bound is refused before more is kept', () => {
  assert.throws(() => readBounded(new Uint8Array(1_001)), /stream is larger than limit \(1000\)/);
});

test('a claimed length beyond the bound is refused as soon as it is there', () => {
  assert.throws(() => readBounded(claimUserState(2 ** 31 - 1)), /stream is larger than limit \(2147483647\)/);
  const encrypted = Uint8Array.of(10, 0x7f, 0xff, 0xff, 0xff);
  assert.throws(
    () => readBounded(encrypted, layersWithKey),
    /Remote node state is larger than limit \(2147483647\)/,
  );
});

test('more nodes than the table can hold are refused by their number alone', () => {
  const nodes = Array.from({ length: 11 }, (_, index) => pushPullNode(`n${index}`));
  assert.throws(
    () => readBounded(encodePushPull({ ...pushPull, nodes })),
    /number of nodes in header \(11\) exceeds limit/,
  );
});

test('a decompressed stream has the bound of a stream', () => {
  const bomb = wrapStream(
    { ...bareLayers, compression: true },
    encodePushPull({ ...pushPull, userState: new Uint8Array(5_000) }),
    'dialler',
  );
  assert.ok(bomb.length < 1_000);
  assert.throws(() => readBounded(bomb), /more than 1000 bytes when decompressed/);
});

test('what all streams hold together is bounded, and given back', () => {
  const budget = new StreamBudget(4_096);
  const open = () =>
    new StreamReader(bareLayers, { streamBytesMax: 4_096, nodesMax: 10, budget }, 'acceptor');
  const first = open();
  const half = encodePushPull(pushPull).subarray(0, 20);
  first.push(half);
  const second = open();
  second.push(half);
  const third = open();
  assert.throws(() => third.push(half), /too many bytes are buffered over all streams/);
  first.release();
  third.push(half);
  second.release();
  third.release();
  assert.equal(budget.bytesLeft, 4_096);
});

test('an element of a stream has a bound of its own', () => {
  const node = pushPullNode('x'.repeat(20_000));
  assert.throws(
    () => readStream(encodePushPull({ ...pushPull, nodes: [node] })),
    /^DecodeError: message is larger than limit/,
  );
});

test('a value that comes in more pieces than an honest sender makes is refused', () => {
  const nested = new Uint8Array(300).fill(0x91);
  const bytes = Uint8Array.of(6, 0x81, 0xa0, ...nested, 0xc0);
  const single = [...bytes].map((byte) => Uint8Array.of(byte));
  assert.throws(() => readStream(bytes, bareLayers, 'acceptor', single), /arrives in too many pieces/);
});

const layersWithKey = { ...bareLayers, keyring: new Keyring([new Uint8Array(16)]) };

/** A push/pull of no nodes that claims so much user state. */
function claimUserState(bytes: number): Uint8Array {
  const header = Buffer.from('0683a44a6f696ec2a54e6f64657300ac5573657253746174654c656ece', 'hex');
  return Uint8Array.of(...header, bytes >>> 24, (bytes >> 16) & 255, (bytes >> 8) & 255, bytes & 255);
}
