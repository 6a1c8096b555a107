// The dialect of the gossip port, in hand-made bytes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MsgpackReader } from '@reeve/bytes';
import {
  ackCodec,
  aliveCodec,
  decodeBody,
  encodeAck,
  encodeMessage,
  indirectPingCodec,
  nackCodec,
  pingCodec,
  pushPullHeaderCodec,
  pushPullNodeCodec,
  suspectCodec,
} from '../../dist/core/wire/messages.js';
import { hex, unhex } from '../kit/hex.ts';
import { aliveValue, pushPullNode } from '../kit/messages.ts';

const none = new Uint8Array(0);
const pingValue = { sequence: 1, node: 'beta', sourceAddress: none, sourcePort: 0, sourceNode: '' };

test('[1] keys are sent in byte order, and only empty source fields are left out', () => {
  assert.deepEqual(keysOf(encodeMessage('ping', pingCodec, pingValue)), ['Node', 'SeqNo']);
  const source = { sourceAddress: Uint8Array.of(127, 0, 0, 1), sourcePort: 7946, sourceNode: 'a' };
  const full = encodeMessage('ping', pingCodec, { ...pingValue, ...source });
  assert.deepEqual(keysOf(full), ['Node', 'SeqNo', 'SourceAddr', 'SourceNode', 'SourcePort']);
  const request = { ...pingValue, target: none, port: 0, nack: false };
  const indirect = encodeMessage('indirectPing', indirectPingCodec, request);
  assert.deepEqual(keysOf(indirect), ['Nack', 'Node', 'Port', 'SeqNo', 'Target']);
  const aliveKeys = ['Addr', 'Incarnation', 'Meta', 'Node', 'Port', 'Vsn'];
  assert.deepEqual(keysOf(encodeMessage('alive', aliveCodec, aliveValue('a', 1))), aliveKeys);
  const suspect = encodeMessage('suspect', suspectCodec, { node: '', from: '', incarnation: 0 });
  assert.deepEqual(keysOf(suspect), ['From', 'Incarnation', 'Node']);
  assert.deepEqual(keysOf(encodeMessage('nack', nackCodec, { sequence: 0 })), ['SeqNo']);
  const header = { nodeCount: 0, userStateBytes: 0, join: false };
  assert.deepEqual(keysOf(encodeMessage('pushPull', pushPullHeaderCodec, header)), [
    'Join',
    'Nodes',
    'UserStateLen',
  ]);
  const nodeKeys = ['Addr', 'Incarnation', 'Meta', 'Name', 'Port', 'State', 'Vsn'];
  assert.deepEqual(keysOf(encodeMessage('pushPull', pushPullNodeCodec, pushPullNode('a'))), nodeKeys);
});

test('[2] neither str8 nor bin ever leaves us, whatever the length', () => {
  for (const length of [0, 1, 31, 32, 255, 256, 65_535]) {
    const meta = new Uint8Array(length).fill(0x61);
    const message = encodeMessage('alive', aliveCodec, { ...aliveValue('x'.repeat(length), 1), meta });
    const tags = [...message].filter((byte) => [0xc4, 0xc5, 0xc6, 0xd9].includes(byte));
    assert.deepEqual(tags, [], `length ${length}`);
  }
});

test('[3] a name of 31 bytes is a fixraw, one of 32 a raw16', () => {
  const bytes = (length: number) =>
    hex(encodeMessage('ping', pingCodec, { ...pingValue, node: 'n'.repeat(length) }));
  assert.match(bytes(31), /a44e6f6465bf(6e){31}a5/);
  assert.match(bytes(32), /a44e6f6465da0020(6e){32}a5/);
});

test('[4] no payload is nil and an empty one is empty; both are read', () => {
  assert.equal(hex(encodeAck(1, null)), '0282a75061796c6f6164c0a55365714e6f01');
  assert.equal(hex(encodeAck(1, none)), '0282a75061796c6f6164a0a55365714e6f01');
  assert.equal(decodeBody(ackCodec, encodeAck(1, null).subarray(1)).payload, null);
  assert.deepEqual(decodeBody(ackCodec, encodeAck(1, none).subarray(1)).payload, none);
  const nilMeta = unhex('81a44d657461c0');
  assert.deepEqual(decodeBody(aliveCodec, nilMeta).meta, none);
});

test('[5] integers are sent in their smallest unsigned form', () => {
  const forms: readonly (readonly [number, string])[] = [
    [127, '7f'],
    [128, 'cc80'],
    [255, 'ccff'],
    [256, 'cd0100'],
    [65_535, 'cdffff'],
    [65_536, 'ce00010000'],
    [2 ** 32 - 1, 'ceffffffff'],
  ];
  for (const [sequence, form] of forms) {
    assert.equal(hex(encodeMessage('nack', nackCodec, { sequence })), `0b81a55365714e6f${form}`);
  }
});

test('[6] every integer form is read, and a negative or too large number is an error', () => {
  const forms = ['05', 'cc05', 'cd0005', 'ce00000005', 'cf0000000000000005'];
  const signed = ['d005', 'd10005', 'd200000005', 'd30000000000000005'];
  for (const form of [...forms, ...signed]) {
    assert.equal(decodeBody(nackCodec, unhex(`81a55365714e6f${form}`)).sequence, 5);
  }
  for (const form of ['ff', 'd0ff', 'd1ffff', 'd2ffffffff', 'd3ffffffffffffffff', 'cf0000000100000000']) {
    assert.throws(() => decodeBody(nackCodec, unhex(`81a55365714e6f${form}`)), { name: 'DecodeError' });
  }
});

test('[7] a struct may come as an array in the order of its declaration', () => {
  const ping = decodeBody(pingCodec, unhex('9507a462657461c4047f000701cd1f0aa5616c706861'));
  assert.equal(ping.sequence, 7);
  assert.equal(ping.node, 'beta');
  assert.deepEqual([...ping.sourceAddress], [127, 0, 7, 1]);
  assert.equal(ping.sourcePort, 7946);
  assert.equal(ping.sourceNode, 'alpha');
  const dead = decodeBody(suspectCodec, unhex('9303a462657461a5616c706861'));
  assert.deepEqual(dead, { incarnation: 3, node: 'beta', from: 'alpha' });
});

test('[8] unknown keys are skipped with all that is nested in them, missing ones are zero', () => {
  const unknown = 'a36e657792c081a1619301c2c3';
  const ping = decodeBody(pingCodec, unhex(`82${unknown}a55365714e6f09`));
  assert.equal(ping.sequence, 9);
  assert.equal(ping.node, '');
  assert.deepEqual(decodeBody(pingCodec, unhex('80')), { ...pingValue, sequence: 0, node: '' });
});

test('a name that is no UTF-8 leaves us as it came', () => {
  const bytes = unhex('83a446726f6da461fe6280ab496e6361726e6174696f6e01a44e6f6465a2ff62');
  assert.equal(hex(encodeMessage('dead', suspectCodec, decodeBody(suspectCodec, bytes))), `05${hex(bytes)}`);
});

function keysOf(message: Uint8Array): string[] {
  const reader = new MsgpackReader(message, 1);
  const keys: string[] = [];
  for (let left = reader.readMapHeader(); left > 0; left--) {
    keys.push(reader.readText());
    reader.skip();
  }
  assert.equal(reader.remaining, 0);
  return keys;
}
