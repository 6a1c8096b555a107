// Padding to whole blocks (RFC 5652, section 6.3), for version 0 of encrypted gossip.
// Upstream strips what the last byte says without looking at the rest; we insist on the padding being whole.

import { DecodeError } from './decode-error.ts';

/** Fills the last block up with bytes that say how many they are; a whole block if it is full already. */
export function pkcs7Pad(plain: Uint8Array, blockBytes: number): Uint8Array {
  const padding = blockBytes - (plain.length % blockBytes);
  const padded = new Uint8Array(plain.length + padding).fill(padding, plain.length);
  padded.set(plain);
  return padded;
}

/** The bytes without their padding, as a view; 'malformed' if they are not padded. */
export function pkcs7Unpad(padded: Uint8Array, blockBytes: number): Uint8Array {
  const padding = padded.at(-1) ?? 0;
  const plainBytes = padded.length - padding;
  const isWhole =
    padded.length % blockBytes === 0 &&
    padding > 0 &&
    padding <= blockBytes &&
    padded.subarray(plainBytes).every((byte) => byte === padding);
  if (!isWhole) throw new DecodeError('malformed', 'not padded to whole blocks');
  return padded.subarray(0, plainBytes);
}
