// Go's base64.StdEncoding, down to the byte its error names.
// Keys come from command lines, key files and queries; what is wrong with one is printed as Go prints it.
// Newlines are skipped anywhere. Rules and positions from Go's encoding/base64 (decodeQuantum, not strict).

import { Buffer } from 'node:buffer';
import { DecodeError } from './decode-error.ts';
import { encodeText } from './text.ts';

/** The standard alphabet, padded. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

/** The bytes; a DecodeError says `illegal base64 data at input byte N`, N counted in UTF-8 bytes. */
export function decodeBase64(text: string): Uint8Array {
  const source = encodeText(text);
  const decoded = new Uint8Array(Math.ceil(source.length / 4) * 3);
  let length = 0;
  let bits = 0;
  let digits = 0; // of the current group of four
  let padding = 0; // signs seen of the two or one that complete the last group
  for (let at = 0; at < source.length; at++) {
    const byte = source[at] as number;
    if (byte === lineFeed || byte === carriageReturn) continue;
    if (digits + padding === 4 && padding > 0) throw illegal(at);
    if (byte === paddingSign) {
      if (digits < 2) throw illegal(at);
      padding++;
      continue;
    }
    if (padding > 0) throw illegal(at - 1); // Go names the byte before the one that is no padding
    const digit = base64Digits.indexOf(String.fromCharCode(byte));
    if (digit < 0) throw illegal(at);
    bits = (bits << 6) | digit;
    digits++;
    if (digits === 4) {
      decoded[length++] = bits >> 16;
      decoded[length++] = bits >> 8;
      decoded[length++] = bits;
      digits = bits = 0;
    }
  }
  if (digits === 0) return decoded.slice(0, length);
  if (digits + padding < 4) throw illegal(padding > 0 ? source.length : source.length - digits);
  decoded[length++] = bits >> (digits === 2 ? 4 : 10);
  if (digits === 3) decoded[length++] = bits >> 2;
  return decoded.slice(0, length);
}

function illegal(at: number): DecodeError {
  return new DecodeError('malformed', `illegal base64 data at input byte ${at}`);
}

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const paddingSign = 0x3d;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
