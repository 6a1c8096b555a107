// Bytes for people: text in, hex out.

import { decodeText, encodeText } from '@reeve/bytes';

/** The bytes of a text. */
export const bytesOf = encodeText;

/** The text of bytes. */
export const textOf = decodeText;

/** `0a ff`, to be compared by eye. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
