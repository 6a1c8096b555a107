// Bytes kept as a text, a character for each. It takes what they take and 16 bytes more. An array of bytes
// takes 180 to 300 more, much of that outside of V8's heap, where each one is freed by itself: too much for
// hundreds of thousands of small values.

import { Buffer } from 'node:buffer';

/** The text that keeps the bytes. */
export function bytesToKeep(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** The bytes that a text keeps, as an array for now: it may share its memory with others. */
export function bytesKept(text: string): Uint8Array {
  const { buffer, byteOffset, length } = Buffer.from(text, 'latin1');
  return new Uint8Array(buffer, byteOffset, length);
}
