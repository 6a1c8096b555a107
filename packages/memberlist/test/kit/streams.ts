// Streams without a network: what a StreamReader makes of bytes.

import type { Layers } from '../../dist/core/wire/layers.js';
import { StreamReader } from '../../dist/core/wire/stream.js';
import { StreamBudget } from '../../dist/core/wire/stream-buffer.js';
import type { StreamMessage } from '../../dist/core/wire/stream-message.js';
import { fixedRandom } from './random.ts';

/** No compression, no encryption, no label. */
export const bareLayers: Layers = {
  compression: false,
  keyring: undefined,
  verifyIncoming: true,
  verifyOutgoing: true,
  label: '',
  labelBytes: new Uint8Array(0),
  skipInboundLabelCheck: false,
  random: fixedRandom,
};

/** The message that bytes are, given as chunks. @throws Error `incomplete` when more would be needed. */
export function readStream(
  bytes: Uint8Array,
  layers: Layers = bareLayers,
  side: 'dialler' | 'acceptor' = 'acceptor',
  chunks: readonly Uint8Array[] = [bytes],
): StreamMessage {
  const budget = new StreamBudget(1 << 24);
  const reader = new StreamReader(layers, { streamBytesMax: 1 << 23, nodesMax: 1_000, budget }, side);
  try {
    for (const chunk of chunks) {
      reader.push(chunk);
      do {
        const message = reader.read();
        if (message) return message;
      } while (reader.isBehind);
    }
    throw new Error('incomplete');
  } finally {
    reader.release();
  }
}
