// Every packet and stream captured from the real program, taken apart and put together again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AesKey, MsgpackReader, nonceBytes, type StructCodec } from '@reeve/bytes';
import { captureNames, readWire, type WireBlock } from '@reeve/golden';
import { addChecksum, removeChecksum } from '../../dist/core/wire/checksum.js';
import { decodeCompound, encodeCompounds } from '../../dist/core/wire/compound.js';
import { compressMessage, decompressBody } from '../../dist/core/wire/compress.js';
import { decryptPayload, encryptPayload } from '../../dist/core/wire/encrypt.js';
import { messageTypes } from '../../dist/core/wire/message-types.js';
import {
  ackCodec,
  aliveCodec,
  encodeMessage,
  indirectPingCodec,
  nackCodec,
  pingCodec,
  suspectCodec,
} from '../../dist/core/wire/messages.js';
import { encodePushPull } from '../../dist/core/wire/stream-message.js';
import { hex } from '../kit/hex.ts';
import { readStream } from '../kit/streams.ts';

const key = new AesKey(new Uint8Array(32).fill(0x41));
const none = new Uint8Array(0);

const names = captureNames('wire').map((name) => name.slice('wire/'.length));
const packets = names.filter((name) => name.includes('udp-'));
const pushPulls = names.filter((name) => name.includes('tcp-pushpull'));

test('there are captures of every packet message', () => {
  const seen = new Set<string>();
  for (const name of packets) for (const { bytes } of readWire(name).blocks) rebuildPacket(name, bytes, seen);
  const all = ['ping', 'indirectPing', 'ack', 'nack', 'suspect', 'alive', 'dead', 'user'];
  assert.deepEqual([...seen].sort(), [...all, 'compound', 'compress', 'checksum', 'encrypt'].sort());
});

for (const name of packets) {
  test(`[1] ${name} is decoded and encoded again to the same bytes`, () => {
    for (const { bytes } of readWire(name).blocks) {
      assert.equal(hex(rebuildPacket(name, bytes)), hex(bytes));
    }
  });
}

for (const name of pushPulls) {
  test(`[24] ${name} is decoded to its last byte, and encoded again to the same message`, () => {
    for (const block of readWire(name).blocks) {
      const plain = plainOf(block);
      const message = readStream(plain);
      assert.ok(message.type === 'pushPull');
      assert.deepEqual(encodePushPull(message.pushPull), plain);
      // Nothing is missing and nothing is left: the user state ends where the stream ends.
      assert.throws(() => readStream(plain.subarray(0, -1)), /incomplete/);
    }
  });
}

test('[20] the captured stream is encrypted over its type byte and length', () => {
  for (const { bytes } of readWire('encrypted-tcp-pushpull').blocks) {
    const header = bytes.subarray(0, 5);
    assert.equal(header[0], messageTypes.encrypt);
    assert.equal(new DataView(header.buffer, header.byteOffset).getUint32(1), bytes.length - 5);
    assert.doesNotThrow(() => decryptPayload([key], bytes.subarray(5), header));
    assert.throws(() => decryptPayload([key], bytes.subarray(5), none), /No installed keys could decrypt/);
  }
});

test('[19] a captured gossip packet has no additional data, and a checksum inside', () => {
  const plain = decryptPayload([key], readWire('encrypted-udp-gossip-crc').bytes, none);
  assert.equal(plain[0], messageTypes.checksum);
});

test('the captured stream ping has the same form as a packet ping', () => {
  const { bytes } = readWire('tcp-ping-fallback');
  const message = readStream(bytes);
  assert.ok(message.type === 'ping');
  assert.deepEqual(encodeMessage('ping', pingCodec, message.ping), bytes);
});

/** Takes a captured packet apart, layer by layer, and puts it together again with our own encoders. */
function rebuildPacket(name: string, packet: Uint8Array, seen = new Set<string>()): Uint8Array {
  if (!name.startsWith('encrypted-')) return rebuild(packet, seen);
  seen.add('encrypt');
  const nonce = packet.subarray(1, 1 + nonceBytes);
  return encryptPayload(key, nonce, rebuild(decryptPayload([key], packet, none), seen), none);
}

function rebuild(packet: Uint8Array, seen: Set<string>): Uint8Array {
  const [type] = packet;
  const body = packet.subarray(1);
  const name = Object.entries(messageTypes).find(([, value]) => value === type)?.[0];
  seen.add(name ?? `${type}`);
  switch (type) {
    case messageTypes.checksum: {
      const payload = removeChecksum(packet);
      assert.ok(payload instanceof Uint8Array, 'the checksum holds');
      return addChecksum(rebuild(payload, seen));
    }
    case messageTypes.compress:
      return compressMessage(rebuild(decompressBody(new MsgpackReader(body), 65_536), seen));
    case messageTypes.compound: {
      const { parts, truncated } = decodeCompound(body);
      assert.equal(truncated, 0);
      const [compound, ...more] = encodeCompounds(parts.map((part) => rebuild(part, seen)));
      assert.ok(compound && more.length === 0);
      return compound;
    }
    case messageTypes.user:
      return packet; // the layer above knows what is inside
    case messageTypes.ping:
      return recode('ping', pingCodec, body);
    case messageTypes.indirectPing:
      return recode('indirectPing', indirectPingCodec, body);
    case messageTypes.ack:
      return recode('ack', ackCodec, body);
    case messageTypes.nack:
      return recode('nack', nackCodec, body);
    case messageTypes.alive:
      return recode('alive', aliveCodec, body);
    case messageTypes.suspect:
      return recode('suspect', suspectCodec, body);
    case messageTypes.dead:
      return recode('dead', suspectCodec, body);
    default:
      return assert.fail(`message type ${type}`);
  }
}

function recode<T>(type: keyof typeof messageTypes, codec: StructCodec<T>, body: Uint8Array): Uint8Array {
  const reader = new MsgpackReader(body);
  const message = codec.decode(reader);
  assert.equal(reader.remaining, 0);
  return encodeMessage(type, codec, message);
}

/** What a side of a push/pull said, layers taken off. */
function plainOf({ bytes }: WireBlock): Uint8Array {
  let plain = bytes;
  if (plain[0] === messageTypes.encrypt)
    plain = decryptPayload([key], plain.subarray(5), plain.subarray(0, 5));
  if (plain[0] !== messageTypes.compress) return plain;
  const opened = decompressBody(new MsgpackReader(plain.subarray(1)), 1 << 20);
  assert.deepEqual(compressMessage(opened), plain);
  return opened;
}
