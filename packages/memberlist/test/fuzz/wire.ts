// Damaged bytes at every decoder of the wire: a value that survives a second trip, or a DecodeError.

import assert from 'node:assert/strict';
import {
  AesKey,
  DecodeError,
  encodeWith,
  gossipDialect,
  MsgpackReader,
  type StructCodec,
} from '@reeve/bytes';
import { type FuzzTarget, Refused } from '@reeve/fuzz';
import { decodeVersions } from '../../dist/core/broadcast-alive.js';
import { removeChecksum } from '../../dist/core/wire/checksum.js';
import { decodeCompound, encodeCompounds } from '../../dist/core/wire/compound.js';
import { compressMessage, decompressBody } from '../../dist/core/wire/compress.js';
import { decryptPayload, encryptPayload } from '../../dist/core/wire/encrypt.js';
import { labelHeader, removeLabel } from '../../dist/core/wire/label.js';
import * as messages from '../../dist/core/wire/messages.js';
import { goldenPackets } from '../kit/golden.ts';
import { alive, compound, messagesIn, ping, pushPullNode, suspect, user } from '../kit/messages.ts';

const none = new Uint8Array(0);
const key = new AesKey(new Uint8Array(16).fill(3));
const body = (message: Uint8Array) => [message.subarray(1)];
const asSeed = <T>(codec: StructCodec<T>, value: T) => [encodeWith(codec, gossipDialect, value)];

export const wireTargets: readonly FuzzTarget[] = [
  message('ping', messages.pingCodec, [...bodies(0), ...body(ping('beta', { sourceAddress: none }))]),
  message('indirect ping', messages.indirectPingCodec, bodies(1)),
  message('ack', messages.ackCodec, bodies(2)),
  message('nack', messages.nackCodec, bodies(11)),
  message('suspect', messages.suspectCodec, body(suspect('a', 1, 'b'))),
  message('alive', messages.aliveCodec, body(alive('a', 1))),
  message(
    'push/pull node',
    messages.pushPullNodeCodec,
    asSeed(messages.pushPullNodeCodec, pushPullNode('a')),
  ),
  message(
    'push/pull header',
    messages.pushPullHeaderCodec,
    asSeed(messages.pushPullHeaderCodec, { nodeCount: 3, userStateBytes: 500, join: true }),
  ),
  message('error', messages.streamErrorCodec, asSeed(messages.streamErrorCodec, { error: 'no' })),
  message(
    'user header',
    messages.userStreamHeaderCodec,
    asSeed(messages.userStreamHeaderCodec, { messageBytes: 9 }),
  ),
  message('compressed', messages.compressedCodec, body(compressMessage(user('aaaaaaaaaaaabcabcabc')))),
  layer('compound', [compound([ping('a'), ping('b')]).subarray(1)], (input) => {
    const { parts, truncated } = decodeCompound(input);
    assert.equal(parts.length + truncated, input[0]);
    if (truncated > 0 || parts.length > 127 || parts.length === 0) return;
    const [again] = encodeCompounds(parts);
    assert.deepEqual(decodeCompound(again?.subarray(1) ?? none).parts, parts);
  }),
  layer('compression', [compressMessage(user('aaaaaaaaaaaabcabcabc')).subarray(1)], (input) => {
    const plain = decompressBody(new MsgpackReader(input), 10_000);
    assert.ok(plain.length > 0 && plain.length <= 10_000);
  }),
  layer('label', [new Uint8Array([...labelHeader(Buffer.from('blue')), ...ping('a')])], (input) => {
    const { label, rest } = removeLabel(input);
    assert.ok(rest.length <= input.length);
    assert.equal(label === '', input[0] !== 244);
  }),
  layer('encryption', [encryptPayload(key, new Uint8Array(12), ping('a'), none)], (input) => {
    const plain = decryptPayload([key], input, none);
    if (input[0] === 1) assert.deepEqual(plain, ping('a')); // the version itself is not authenticated
  }),
  layer('checksum', goldenPackets.filter(([first]) => first === 12).slice(0, 3), (input) => {
    if (!(removeChecksum(input) instanceof Uint8Array)) throw new Refused();
  }),
  layer('version vector', [Uint8Array.of(1, 5, 2, 0, 0, 0)], (input) => {
    const versions = decodeVersions(input);
    assert.equal(versions === undefined, input.length < 6);
    if (versions === undefined) throw new Refused();
  }),
];

function message<T>(name: string, codec: StructCodec<T>, seeds: readonly Uint8Array[]): FuzzTarget {
  return layer(`${name} message`, seeds, (input) => {
    const value = messages.decodeBody(codec, input);
    const again = messages.decodeBody(codec, encodeWith(codec, gossipDialect, value));
    assert.deepEqual(again, value);
  });
}

function layer(name: string, seeds: readonly Uint8Array[], run: (input: Uint8Array) => void): FuzzTarget {
  const promise = `any bytes are a ${name} or are refused`;
  const refuses = (error: unknown) => error instanceof DecodeError;
  return { name, promise, seeds, open: () => ({ run }), refuses };
}

/** The bodies of the captured messages of one type. */
function bodies(type: number): Uint8Array[] {
  const plain = goldenPackets.filter(([first]) => first !== 9 && first !== 12);
  return plain
    .flatMap(messagesIn)
    .filter((message) => message[0] === type)
    .map((message) => message.subarray(1));
}
