// Go strings as JavaScript strings, without losing a byte.
// A Go string is any sequence of bytes and only by habit UTF-8. A name or a tag that is not valid UTF-8 must
// leave us exactly as it came, and two different names must stay different. So each byte 0x80-0xff that is
// not part of valid UTF-8 becomes the lone surrogate U+DC80-U+DCFF, which valid UTF-8 never produces, and
// turns back into that byte when encoded (what Python calls "surrogateescape").

import { Buffer, isUtf8 } from 'node:buffer';

/** The bytes of a text. Any other lone surrogate, which no decoded text contains, becomes U+FFFD. */
export function encodeText(text: string): Uint8Array {
  const bytes = new Uint8Array(textByteLength(text));
  writeText(text, bytes, 0);
  return bytes;
}

/** The text of any bytes; `encodeText` gives back exactly these bytes. */
export function decodeText(bytes: Uint8Array): string {
  return decodeTextRange(bytes, 0, bytes.length);
}

/** How many bytes `encodeText` makes of a text. */
export function textByteLength(text: string): number {
  if (isLongAndPlain(text)) return Buffer.byteLength(text);
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (!isSurrogate(unit)) length += 2;
    else if (isPairAt(text, i)) {
      length += 2; // two units, four bytes
      i++;
    } else if (!isEscapedByte(unit)) length += 2;
  }
  return length;
}

/** Writes the bytes of a text and returns the offset behind them; the room must be there. */
export function writeText(text: string, into: Uint8Array, offset: number): number {
  if (isLongAndPlain(text)) {
    return offset + Buffer.from(into.buffer, into.byteOffset, into.length).write(text, offset);
  }
  let at = offset;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) into[at++] = unit;
    else if (isSurrogate(unit) && isPairAt(text, i))
      at = writeCodePoint(text.codePointAt(i++) ?? 0, into, at);
    else if (isEscapedByte(unit)) into[at++] = unit & 0xff;
    else at = writeCodePoint(isSurrogate(unit) ? replacementPoint : unit, into, at);
  }
  return at;
}

/** `decodeText` of a part of a buffer; both ends must lie inside it. */
export function decodeTextRange(buffer: Uint8Array, start: number, end: number): string {
  if (end - start <= shortBytesMax) {
    let text = '';
    let at = start;
    for (; at < end; at++) {
      const byte = buffer[at] as number;
      if (byte >= 0x80) break;
      text += String.fromCharCode(byte);
    }
    if (at === end) return text;
  }
  const bytes = Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start);
  return isUtf8(bytes) ? bytes.toString('utf8') : decodeBroken(bytes);
}

/** Splits at every byte that is not part of valid UTF-8. */
function decodeBroken(bytes: Buffer): string {
  const pieces: string[] = [];
  let validFrom = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      pieces.push(bytes.toString('utf8', validFrom, at), String.fromCharCode(0xdc00 | (bytes[at] as number)));
      validFrom = at + 1;
    }
    at += length || 1;
  }
  pieces.push(bytes.toString('utf8', validFrom));
  return pieces.join('');
}

/** The length of the valid UTF-8 sequence at an offset, 0 if there is none (Unicode 15, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  const second = bytes[at + 1] as number;
  // Overlong forms, surrogates and what lies above U+10FFFF show in the second byte.
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let i = 2; i < length; i++) {
    if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

function writeCodePoint(point: number, into: Uint8Array, offset: number): number {
  let at = offset;
  if (point < 0x800) into[at++] = 0xc0 | (point >> 6);
  else if (point < 0x10000) into[at++] = 0xe0 | (point >> 12);
  else {
    into[at++] = 0xf0 | (point >> 18);
    into[at++] = 0x80 | ((point >> 12) & 0x3f);
  }
  if (point >= 0x800) into[at++] = 0x80 | ((point >> 6) & 0x3f);
  into[at++] = 0x80 | (point & 0x3f);
  return at;
}

/** Whether the platform's encoder does the same as ours, and does it faster. */
function isLongAndPlain(text: string): boolean {
  return text.length > shortTextMax && !anySurrogate.test(text);
}

function isSurrogate(unit: number): boolean {
  return (unit & 0xf800) === 0xd800;
}

function isPairAt(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}

function isEscapedByte(unit: number): boolean {
  return unit >= 0xdc80 && unit <= 0xdcff;
}

/**
 * Up to here a loop over ASCII beats the call into native code. Longer texts it would make of ropes, which
 * cost three times as much as they save once they are looked up or compared.
 */
const shortBytesMax = 12;
/** Up to here our loops beat two calls into native code; at 10,000 characters these take a tenth. */
const shortTextMax = 64;
const anySurrogate = /[\ud800-\udfff]/;
const replacementPoint = 0xfffd;
