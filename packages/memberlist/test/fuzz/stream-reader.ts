// Damaged streams: a message, not enough, or a DecodeError; and always the same, however the bytes are cut.

import assert from 'node:assert/strict';
import { DecodeError } from '@reeve/bytes';
import type { FuzzTarget, Subject } from '@reeve/fuzz';
import { Keyring } from '@reeve/memberlist';
import type { Layers } from '../../dist/core/wire/layers.js';
import {
  encodeAck,
  encodeMessage,
  streamErrorCodec,
  userStreamHeaderCodec,
} from '../../dist/core/wire/messages.js';
import { wrapStream } from '../../dist/core/wire/stream.js';
import { encodePushPull } from '../../dist/core/wire/stream-message.js';
import { ping, pushPullNode } from '../kit/messages.ts';
import { bareLayers, readStream } from '../kit/streams.ts';

/** A stream's message of every kind. */
export const messages: readonly Uint8Array[] = [
  ping('beta'),
  encodeAck(7, null),
  encodeMessage('error', streamErrorCodec, { error: 'no' }),
  Uint8Array.of(...encodeMessage('user', userStreamHeaderCodec, { messageBytes: 2 }), 1, 2),
  encodePushPull({
    join: true,
    nodes: [pushPullNode('a'), pushPullNode('b', { state: 2 })],
    userState: Uint8Array.of(1, 2, 3),
  }),
];

const keyed: Layers = { ...bareLayers, keyring: new Keyring([new Uint8Array(16)]) };
const labelled: Layers = { ...bareLayers, label: 'blue', labelBytes: Uint8Array.from(Buffer.from('blue')) };

export const streamReaderTargets: readonly FuzzTarget[] = [
  target('bare streams', bareLayers),
  target('compressed streams', { ...bareLayers, compression: true }),
  target('encrypted streams', keyed),
  target('labelled streams', labelled),
];

function target(name: string, layers: Layers): FuzzTarget {
  return {
    name,
    promise: `${name} are read alike in one chunk, in single bytes and in pieces`,
    seeds: messages.map((message) => wrapStream(layers, message, 'dialler')),
    open: () => openReaders(layers),
    refuses: (error) => error instanceof DecodeError,
  };
}

function openReaders(layers: Layers): Subject {
  return {
    run: (input) => {
      const whole = outcome(input, layers, [input]);
      for (const chunkBytes of input.length > 2_000 ? [700] : [1, 1 + (input.length % 7) * 5]) {
        const cut = outcome(input, layers, chunksOf(input, chunkBytes));
        if (cut !== 'pieces') assert.deepEqual(cut, whole, `in chunks of ${chunkBytes}`);
      }
      if (whole === 'refused') throw new DecodeError('malformed', 'refused');
    },
  };
}

/** The message, or in a word why there is none. */
function outcome(input: Uint8Array, layers: Layers, chunks: readonly Uint8Array[]): unknown {
  try {
    return readStream(input, layers, 'acceptor', chunks);
  } catch (error) {
    if (error instanceof DecodeError) return /in too many pieces/.test(error.message) ? 'pieces' : 'refused';
    if (error instanceof Error && error.message === 'incomplete') return 'incomplete';
    throw error;
  }
}

function chunksOf(input: Uint8Array, bytes: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < input.length; at += bytes) chunks.push(input.subarray(at, at + bytes));
  return chunks;
}
