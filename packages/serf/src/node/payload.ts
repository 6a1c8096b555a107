// What events, queries and answers carry: text or bytes in, a Buffer out. Always a copy, so that nobody can
// change afterwards what the node still remembers.

import { encodeText } from '@reeve/bytes';

/** Text, sent as UTF-8, or bytes. */
export type Payload = string | Uint8Array;

/** The bytes to send. */
export function toBytes(payload: Payload): Uint8Array {
  return typeof payload === 'string' ? encodeText(payload) : new Uint8Array(payload);
}

/** The bytes that arrived, as a Buffer: `toString()` is their text. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes);
}
