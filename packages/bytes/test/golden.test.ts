// Our encoders and decoders against what the real programs sent.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AesKey,
  bytes,
  compareBytes,
  crc32,
  encodeText,
  field,
  gossipDialect,
  lzwDecode,
  lzwEncode,
  type MsgpackDialect,
  MsgpackReader,
  MsgpackWriter,
  rpcDialect,
  struct,
  uint8,
} from '@reeve/bytes';
import { captureNames, readRpc, readWire } from '@reeve/golden';
import { toHex } from './hex.ts';

const compress = struct<{ algo: number; buf: Uint8Array }>({
  algo: field('Algo', uint8),
  buf: field('Buf', bytes),
});
const key = new AesKey(new Uint8Array(32).fill(0x41));
const none = new Uint8Array(0);

/** Reads one value and writes it again, choosing every form anew. */
function copyValue(reader: MsgpackReader, writer: MsgpackWriter): void {
  const tag = reader.buffer[reader.offset] ?? 0;
  if (reader.readNil()) writer.nil();
  else if (reader.isMapNext()) copyMap(reader, writer);
  else if (reader.isArrayNext()) {
    const elements = reader.readArrayHeader();
    writer.arrayHeader(elements);
    for (let i = 0; i < elements; i++) copyValue(reader, writer);
  } else if (reader.isTextNext()) writer.text(reader.readText());
  else if (tag >= 0xc4 && tag <= 0xc6) writer.bytes(reader.readBytes());
  else if (tag === 0xc2 || tag === 0xc3) writer.boolean(reader.readBoolean());
  else if (tag === 0xca || tag === 0xcb) writer.float64(reader.readFloat64());
  else writer.integer(reader.readInteger());
}

function copyMap(reader: MsgpackReader, writer: MsgpackWriter): void {
  const entries = reader.readMapHeader();
  writer.mapHeader(entries);
  for (let i = 0; i < 2 * entries; i++) copyValue(reader, writer);
}

/** The hex of all values from an offset on, written again in a dialect. */
function rewritten(message: Uint8Array, offset: number, dialect: MsgpackDialect): string {
  const reader = new MsgpackReader(message, offset);
  const writer = new MsgpackWriter(dialect);
  writer.raw(message.subarray(0, offset));
  while (reader.remaining > 0) copyValue(reader, writer);
  return toHex(writer.finish());
}

/** The keys of the map at an offset. */
function keysAt(message: Uint8Array, offset: number): string[] {
  const reader = new MsgpackReader(message, offset);
  return Array.from({ length: reader.readMapHeader() }, () => {
    const name = reader.readText();
    reader.skip();
    return name;
  });
}

/** A captured message without CRC and compression, and where its body starts. */
function peeled(name: string): { message: Uint8Array; bodyAt: number } {
  let message = readWire(name).bytes;
  if (message[0] === 12) message = message.subarray(5);
  if (message[0] === 9) message = lzwDecode(compress.decode(new MsgpackReader(message, 1)).buf, 10_000);
  return { message, bodyAt: message[0] === 8 ? 2 : 1 }; // user messages have a type of their own
}

/** Everything compressed in a capture; the compress messages start at the offset. */
function compressed(name: string, offset: number): Uint8Array[] {
  return readWire(name)
    .blocks.map((block) => block.bytes.subarray(offset))
    .filter((message) => message[0] === 9);
}

/** All captured datagrams that hold a single message; compound and relay hold several. */
const datagrams = captureNames('wire')
  .map((name) => name.replace('wire/', ''))
  .filter((name) => name.startsWith('udp-') && name !== 'udp-query-relay')
  .map((name) => ({ name, ...peeled(name) }))
  .filter(({ message }) => message[0] !== 7);

test('each gossip body, read and written again, gives the identical bytes', () => {
  assert.equal(datagrams.length, 19);
  for (const { name, message, bodyAt } of datagrams) {
    assert.equal(rewritten(message, bodyAt, gossipDialect), toHex(message), name);
  }
});

test('the keys of each gossip body are in byte order', () => {
  for (const { name, message, bodyAt } of datagrams) {
    const keys = keysAt(message, bodyAt);
    const sorted = keys.toSorted((a, b) => compareBytes(encodeText(a), encodeText(b)));
    assert.deepEqual(keys, sorted, name);
  }
});

test('each RPC reply, read and written again, gives the identical bytes', () => {
  let replies = 0;
  for (const name of captureNames('rpc')) {
    for (const { responses } of readRpc(name.replace('rpc/', ''))) {
      for (const { bytes: reply, cutBytes } of responses) {
        if (cutBytes > 0) continue;
        assert.equal(rewritten(reply, 0, rpcDialect), toHex(reply), name);
        replies++;
      }
    }
  }
  assert.ok(replies > 50, `${replies}`);
});

test('[16] what the real programs compressed is unpacked, and packed again to the identical bytes', () => {
  const messages = [
    ...compressed('udp-crc-compress-compound', 5),
    ...compressed('tcp-pushpull-join', 0),
    ...compressed('tcp-pushpull-three-nodes-with-events', 0),
    ...compressed('tcp-pushpull-protocol2-role-meta', 0),
  ];
  assert.equal(messages.length, 7);
  for (const message of messages) {
    const { algo, buf } = compress.decode(new MsgpackReader(message, 1));
    assert.equal(algo, 0);
    assert.equal(toHex(lzwEncode(lzwDecode(buf, 100_000))), toHex(buf));
  }
});

test('the checksum of a packet is that of everything behind it', () => {
  for (const name of ['udp-crc-alive', 'udp-crc-suspect', 'udp-crc-dead', 'udp-crc-compress-compound']) {
    const packet = readWire(name).bytes;
    assert.equal(crc32(packet.subarray(5)), Number.parseInt(toHex(packet.subarray(1, 5)), 16), name);
  }
});

test('an encrypted packet opens with no additional data; behind the nonce lie ciphertext and tag', () => {
  const types = {
    'encrypted-udp-ping': 0,
    'encrypted-udp-gossip-crc': 12,
    'encrypted-udp-install-key-query': 12,
  };
  for (const [name, type] of Object.entries(types)) {
    const packet = readWire(name).bytes;
    const nonce = packet.subarray(1, 13);
    const plain = key.open(nonce, packet.subarray(13), none);
    assert.ok(plain, name);
    assert.equal(plain[0], type, name);
    assert.deepEqual(key.seal(nonce, plain, none), packet.subarray(13));
  }
});

test('an encrypted stream opens with its first five bytes as additional data', () => {
  const plains = readWire('encrypted-tcp-pushpull').blocks.map(({ bytes: stream }) => {
    assert.equal(Number.parseInt(toHex(stream.subarray(1, 5)), 16), stream.length - 5);
    assert.equal(key.open(stream.subarray(6, 18), stream.subarray(18), none), undefined);
    return key.open(stream.subarray(6, 18), stream.subarray(18), stream.subarray(0, 5));
  });
  assert.deepEqual(
    plains.map((plain) => plain?.[0]),
    [9, 6],
  );
});
