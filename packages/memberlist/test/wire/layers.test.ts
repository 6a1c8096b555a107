// What is wrapped around messages in packets and on streams, and how it is taken off again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AesKey, encodeText, lzwEncode, MsgpackReader, pkcs7Pad } from '@reeve/bytes';
import { Keyring } from '@reeve/memberlist';
import { addChecksum, removeChecksum } from '../../dist/core/wire/checksum.js';
import { compressMessage, decompressBody } from '../../dist/core/wire/compress.js';
import { decryptPayload, encryptPayload } from '../../dist/core/wire/encrypt.js';
import { removeLabel } from '../../dist/core/wire/label.js';
import type { Layers } from '../../dist/core/wire/layers.js';
import { messageTypes } from '../../dist/core/wire/message-types.js';
import { compressedCodec, encodeMessage } from '../../dist/core/wire/messages.js';
import { unwrapPacket, wrapPacket } from '../../dist/core/wire/packet.js';
import { wrapStream } from '../../dist/core/wire/stream.js';
import { ping, user } from '../kit/messages.ts';
import { bareLayers, readStream } from '../kit/streams.ts';

const oldKey = new Uint8Array(16).fill(1);
const newKey = new Uint8Array(32).fill(2);
const from = { host: '10.0.0.9', port: 7946 };
const none = new Uint8Array(0);
const shrinks = user('a'.repeat(200));

test('[17] a packet is compressed only when that makes it smaller', () => {
  const layers = { ...bareLayers, compression: true };
  assert.deepEqual(wrapPacket(layers, ping('beta'), false), ping('beta'));
  const packed = wrapPacket(layers, shrinks, false);
  assert.equal(packed[0], messageTypes.compress);
  assert.deepEqual(decompressBody(new MsgpackReader(packed.subarray(1)), 1_000), shrinks);
  let draws = 0;
  for (let length = 0; length < 300; length++) {
    const message = user('a'.repeat(length));
    const isSmaller = compressMessage(message).length < message.length;
    if (compressMessage(message).length === message.length) draws += 1;
    assert.equal(
      wrapPacket(layers, message, false)[0],
      isSmaller ? messageTypes.compress : messageTypes.user,
    );
  }
  assert.ok(draws > 0);
});

test('[17] a stream is compressed always, even when that makes it larger', () => {
  const frame = wrapStream({ ...bareLayers, compression: true }, ping(''), 'acceptor');
  assert.equal(frame[0], messageTypes.compress);
  assert.ok(frame.length > ping('').length);
  assert.deepEqual(wrapStream(bareLayers, ping(''), 'acceptor'), ping(''));
});

test('[17] who does not compress still understands what is compressed', () => {
  const message = readStream(compressMessage(ping('beta')), bareLayers);
  assert.ok(message.type === 'ping' && message.ping.node === 'beta');
});

test('an unknown compression, or one that holds nothing, is refused', () => {
  const unknown = encodeMessage('compress', compressedCodec, { algorithm: 7, buffer: none });
  assert.throws(() => readStream(unknown), /^DecodeError: Cannot decompress unknown algorithm 7$/);
  const empty = encodeMessage('compress', compressedCodec, { algorithm: 0, buffer: lzwEncode(none) });
  assert.throws(() => readStream(empty), /decompressed message is empty/);
  const endless = encodeMessage('compress', compressedCodec, {
    algorithm: 0,
    buffer: lzwEncode(shrinks).slice(0, -2),
  });
  assert.throws(() => readStream(endless), /^DecodeError: unexpected EOF$/);
});

test('[18] a checksum goes around the compressed message and inside the encryption', () => {
  const layers = { ...bareLayers, compression: true, keyring: new Keyring([newKey]) };
  const packet = wrapPacket(layers, shrinks, true);
  const plain = decryptPayload([new AesKey(newKey)], packet, none);
  assert.equal(plain[0], messageTypes.checksum);
  assert.equal(plain[5], messageTypes.compress);
});

test('[18] a wrong checksum is told with both numbers', () => {
  const packet = addChecksum(ping('beta'));
  packet[packet.length - 1] = 9;
  const refusal = unwrapPacket(bareLayers, packet, from);
  assert.ok(!(refusal instanceof Uint8Array));
  assert.match(refusal.reason, /^Got invalid checksum for UDP packet: [0-9a-f]+, [0-9a-f]+$/);
  assert.equal(refusal.level, 'warn');
});

test('a packet of less than five bytes has no checksum', () => {
  const short = Uint8Array.of(messageTypes.checksum, 0, 0, 0);
  assert.equal(removeChecksum(short), short);
});

test('[19] a packet is encrypted with version 1, 29 bytes longer and without additional data', () => {
  const packet = wrapPacket({ ...bareLayers, keyring: new Keyring([newKey]) }, ping('beta'), false);
  assert.equal(packet[0], 1);
  assert.equal(packet.length, ping('beta').length + 29);
  assert.deepEqual(decryptPayload([new AesKey(newKey)], packet, none), ping('beta'));
});

test('no nonce is used twice, neither for packets nor on streams', () => {
  let drawn = 0;
  const random = { ...bareLayers.random, bytes: (length: number) => new Uint8Array(length).fill(++drawn) };
  const layers = { ...bareLayers, keyring: new Keyring([newKey]), random };
  const sent = [
    wrapPacket(layers, ping('beta'), false),
    wrapPacket(layers, ping('beta'), false),
    wrapStream(layers, ping('beta'), 'dialler').subarray(5),
    wrapStream(layers, ping('beta'), 'dialler').subarray(5),
  ];
  const nonces = sent.map((payload) => payload.subarray(1, 13));
  assert.deepEqual(
    nonces,
    [1, 2, 3, 4].map((byte) => new Uint8Array(12).fill(byte)),
  );
});

test('[20] a stream is encrypted behind its type and length, which are authenticated', () => {
  const frame = wrapStream({ ...bareLayers, keyring: new Keyring([newKey]) }, ping('beta'), 'dialler');
  const header = Uint8Array.of(messageTypes.encrypt, 0, 0, 0, ping('beta').length + 29);
  assert.deepEqual(frame.subarray(0, 5), header);
  assert.deepEqual(decryptPayload([new AesKey(newKey)], frame.subarray(5), header), ping('beta'));
});

test('[21] version 0 of the encryption, with its padding, is understood', () => {
  const nonce = new Uint8Array(12).fill(7);
  for (const text of ['', 'fourteen bytes', 'x'.repeat(15)]) {
    const sealed = new AesKey(oldKey).seal(nonce, pkcs7Pad(user(text), 16), none);
    const packet = Uint8Array.of(0, ...nonce, ...sealed);
    assert.deepEqual(
      unwrapPacket({ ...bareLayers, keyring: new Keyring([oldKey]) }, packet, from),
      user(text),
    );
  }
});

test('[22] everything is sent under the primary key and understood under any', () => {
  const ring = new Keyring([newKey, oldKey]);
  const packet = wrapPacket({ ...bareLayers, keyring: ring }, ping('beta'), false);
  assert.ok(
    unwrapPacket({ ...bareLayers, keyring: new Keyring([newKey]) }, packet, from) instanceof Uint8Array,
  );
  const old = wrapPacket({ ...bareLayers, keyring: new Keyring([oldKey]) }, ping('beta'), false);
  assert.deepEqual(unwrapPacket({ ...bareLayers, keyring: ring }, old, from), ping('beta'));
});

test('what cannot be decrypted is refused in the words of the original', () => {
  const layers = { ...bareLayers, keyring: new Keyring([newKey]) };
  const reasonFor = (packet: Uint8Array) => {
    const refusal = unwrapPacket(layers, packet, from);
    assert.ok(!(refusal instanceof Uint8Array));
    return refusal.reason;
  };
  const what = 'Decrypt packet failed:';
  const origin = 'from=10.0.0.9:7946';
  assert.equal(
    reasonFor(ping('beta')),
    `${what} Payload is too small to decrypt: ${ping('beta').length} ${origin}`,
  );
  assert.equal(reasonFor(Uint8Array.of(2, 2, 2)), `${what} Unsupported encryption version 2 ${origin}`);
  assert.equal(reasonFor(Uint8Array.of(1, 2, 3)), `${what} Payload is too small to decrypt: 3 ${origin}`);
  const foreign = encryptPayload(new AesKey(oldKey), new Uint8Array(12), ping('beta'), none);
  assert.equal(reasonFor(foreign), `${what} No installed keys could decrypt the message ${origin}`);
  assert.equal(reasonFor(none), `UDP packet too short (0 bytes) ${origin}`);
});

test('while encryption is rolled out, plain input is believed and plain output sent', () => {
  const rolling: Layers = {
    ...bareLayers,
    keyring: new Keyring([newKey]),
    verifyIncoming: false,
    verifyOutgoing: false,
  };
  assert.deepEqual(unwrapPacket(rolling, ping('beta'), from), ping('beta'));
  assert.deepEqual(wrapPacket(rolling, ping('beta'), false), ping('beta'));
  assert.equal(readStream(ping('beta'), rolling).type, 'ping');
  const encrypted = wrapStream({ ...rolling, verifyOutgoing: true }, ping('beta'), 'dialler');
  assert.equal(readStream(encrypted, rolling).type, 'ping');
});

const blue: Layers = { ...bareLayers, label: 'blue', labelBytes: encodeText('blue') };

test('[30] a label stands in front of every packet and must be the own one', () => {
  const packet = wrapPacket(blue, ping('beta'), false);
  assert.deepEqual(removeLabel(packet), { label: 'blue', rest: ping('beta') });
  assert.deepEqual(unwrapPacket(blue, packet, from), ping('beta'));
  const reasonFor = (layers: Layers, input: Uint8Array) => {
    const refusal = unwrapPacket(layers, input, from);
    assert.ok(!(refusal instanceof Uint8Array));
    return refusal.reason;
  };
  const refused = 'discarding packet with unacceptable label';
  assert.equal(reasonFor(bareLayers, packet), `${refused} "blue": from=10.0.0.9:7946`);
  assert.equal(reasonFor(blue, ping('beta')), `${refused} "": from=10.0.0.9:7946`);
  assert.match(
    reasonFor(blue, packet.subarray(0, 4)),
    /^cannot decode label; packet has been truncated from=/,
  );
  assert.match(reasonFor(blue, Uint8Array.of(244, 0)), /^label header cannot be empty when present/);
});

test('[30] a label is authenticated with what is encrypted', () => {
  const encrypted: Layers = { ...blue, keyring: new Keyring([newKey]) };
  const packet = wrapPacket(encrypted, ping('beta'), false);
  assert.throws(() => decryptPayload([new AesKey(newKey)], packet.subarray(6), none));
  assert.deepEqual(decryptPayload([new AesKey(newKey)], packet.subarray(6), blue.labelBytes), ping('beta'));
});

test('[30] only the dialling side writes a label on a stream, and both authenticate it', () => {
  const encrypted: Layers = { ...blue, keyring: new Keyring([newKey]) };
  const request = wrapStream(encrypted, ping('beta'), 'dialler');
  assert.equal(request[0], messageTypes.label);
  assert.equal(readStream(request, encrypted).type, 'ping');
  const answer = wrapStream(encrypted, ping('beta'), 'acceptor');
  assert.equal(answer[0], messageTypes.encrypt);
  assert.equal(readStream(answer, encrypted, 'dialler').type, 'ping');
  const unlabelled = { ...encrypted, labelBytes: none };
  assert.throws(() => readStream(answer, unlabelled, 'dialler'), /No installed keys/);
  assert.throws(() => readStream(request, bareLayers), /discarding stream with unacceptable label "blue":/);
});

test('who lets a proxy check labels refuses those that are still there', () => {
  const behindProxy: Layers = { ...blue, skipInboundLabelCheck: true };
  assert.deepEqual(unwrapPacket(behindProxy, ping('beta'), from), ping('beta'));
  const labelled = wrapPacket(blue, ping('beta'), false);
  assert.deepEqual(unwrapPacket(behindProxy, labelled, from), {
    level: 'err',
    reason: 'unexpected double packet label header: from=10.0.0.9:7946',
  });
});
