// Reads any msgpack dialect from bytes nobody vouches for.
// Lenient in form, as go-msgpack 2 is: any integer form, raw, str8 or bin for texts and byte strings alike.
// Strict in size: a claimed length or count is compared with the bytes that are left before anything is
// allocated or looped over, so work and memory are bounded by the length of the buffer.
// After an error the offset is anywhere inside the buffer; the reader is of no further use.

import { copyBytes } from './byte-array.ts';
import { DecodeError, TruncatedError } from './decode-error.ts';
import { decodeTextRange } from './text.ts';

/** A cursor over msgpack values. Every method throws only `DecodeError`. */
export class MsgpackReader {
  readonly buffer: Uint8Array;
  /** Where the next value starts; the caller may move it, to step over bytes that are not msgpack. */
  offset: number;
  #view: DataView | undefined;

  constructor(buffer: Uint8Array, offset = 0) {
    this.buffer = buffer;
    this.offset = offset;
  }

  /** Bytes from the offset to the end of the buffer. */
  get remaining(): number {
    return this.buffer.length - this.offset;
  }

  /** Any integer form. Beyond ±(2^53 - 1), where numbers lose precision, a 'limit' error. */
  readInteger(): number {
    const tag = this.#byte();
    if (tag < 0x80) return tag;
    if (tag >= 0xe0) return tag - 0x100;
    switch (tag) {
      case 0xcc:
        return this.#unsigned(1);
      case 0xcd:
        return this.#unsigned(2);
      case 0xce:
        return this.#unsigned(4);
      case 0xcf:
        return this.#safe(this.#unsigned(4), this.#unsigned(4));
      case 0xd0:
        return (this.#unsigned(1) << 24) >> 24;
      case 0xd1:
        return (this.#unsigned(2) << 16) >> 16;
      case 0xd2:
        return this.#unsigned(4) | 0;
      case 0xd3:
        return this.#safe(this.#unsigned(4) | 0, this.#unsigned(4));
      default:
        throw unexpected('an integer', tag);
    }
  }

  /** Any integer form from 0 to 2^64 - 1, all of it: for numbers that others choose freely. */
  readBigUnsigned(): bigint {
    if (this.buffer[this.offset] === 0xcf) {
      this.#byte();
      return (BigInt(this.#unsigned(4)) << 32n) | BigInt(this.#unsigned(4));
    }
    const value = this.readUnsigned(Number.MAX_SAFE_INTEGER);
    return value === 0 ? 0n : BigInt(value);
  }

  /** Any integer that fits Go's `int64`, beyond ±(2^53 - 1) the nearest number to it. */
  readNearestInt64(): number {
    const tag = this.buffer[this.offset];
    if (tag !== 0xcf && tag !== 0xd3) return this.readInteger();
    this.#byte();
    const high = tag === 0xd3 ? this.#unsigned(4) | 0 : this.#unsigned(4);
    if (high >= 0x80000000) throw new DecodeError('malformed', 'an integer beyond 2^63 - 1');
    return high * 0x100000000 + this.#unsigned(4);
  }

  /** An integer from 0 to `max`; another one is 'malformed'. */
  readUnsigned(max: number): number {
    const value = this.readInteger();
    if (value < 0 || value > max) throw new DecodeError('malformed', `${value} is not between 0 and ${max}`);
    return value;
  }

  /** true and false, also as the integers 1 and 0. */
  readBoolean(): boolean {
    const tag = this.#byte();
    if (tag === 0xc3 || tag === 1) return true;
    if (tag === 0xc2 || tag === 0) return false;
    throw unexpected('a boolean', tag);
  }

  /** A float of four or eight bytes, or any integer. */
  readFloat64(): number {
    const tag = this.buffer[this.offset];
    if (tag !== 0xca && tag !== 0xcb) return this.readInteger();
    const bytes = tag === 0xca ? 4 : 8;
    const at = this.#claim(1 + bytes) + 1;
    const { buffer, byteOffset, byteLength } = this.buffer;
    this.#view ??= new DataView(buffer, byteOffset, byteLength);
    return bytes === 4 ? this.#view.getFloat32(at) : this.#view.getFloat64(at);
  }

  /** A text in any form. Longer than `bytesMax` is a 'limit' error, however much has arrived of it. */
  readText(bytesMax = Number.POSITIVE_INFINITY): string {
    const length = this.readTextHeader(bytesMax);
    const start = this.#claim(length);
    return decodeTextRange(this.buffer, start, start + length);
  }

  /**
   * A byte string in any form, copied: what is kept of a packet must not keep the packet.
   * Longer than `bytesMax` is a 'limit' error, however much has arrived of it.
   */
  readBytes(bytesMax = Number.POSITIVE_INFINITY): Uint8Array {
    const length = this.readTextHeader(bytesMax);
    const start = this.#claim(length);
    return copyBytes(this.buffer, start, start + length);
  }

  /**
   * The header of a text or byte string alone; returns how many bytes follow at `offset`. They are there.
   * For those who look at the bytes in place and then move `offset` behind them.
   */
  readTextHeader(bytesMax = Number.POSITIVE_INFINITY): number {
    const length = this.#textLength();
    if (length > bytesMax) {
      throw new DecodeError('limit', `${length} bytes of text or data, the limit is ${bytesMax}`);
    }
    if (length > this.remaining) throw new TruncatedError(this.offset + length);
    return length;
  }

  /** Whether the next value is nil; if so it is consumed. */
  readNil(): boolean {
    if (this.buffer[this.offset] !== 0xc0) return false;
    this.offset++;
    return true;
  }

  /** The start of a map: how many keys, each with its value, follow. More than `entriesMax`: 'limit'. */
  readMapHeader(entriesMax = Number.POSITIVE_INFINITY): number {
    const tag = this.#byte();
    if (tag >= 0x80 && tag < 0x90) return this.#checkedCount(tag & 0x0f, 2, entriesMax);
    if (tag === 0xde) return this.#checkedCount(this.#unsigned(2), 2, entriesMax);
    if (tag === 0xdf) return this.#checkedCount(this.#unsigned(4), 2, entriesMax);
    throw unexpected('a map', tag);
  }

  /** The start of an array: how many values follow. More than `elementsMax`: 'limit'. */
  readArrayHeader(elementsMax = Number.POSITIVE_INFINITY): number {
    const tag = this.#byte();
    if (tag >= 0x90 && tag < 0xa0) return this.#checkedCount(tag & 0x0f, 1, elementsMax);
    if (tag === 0xdc) return this.#checkedCount(this.#unsigned(2), 1, elementsMax);
    if (tag === 0xdd) return this.#checkedCount(this.#unsigned(4), 1, elementsMax);
    throw unexpected('an array', tag);
  }

  /** Whether a map starts here. */
  isMapNext(): boolean {
    const tag = this.buffer[this.offset] ?? 0xc0;
    return (tag >= 0x80 && tag < 0x90) || tag === 0xde || tag === 0xdf;
  }

  /** Whether an array starts here. */
  isArrayNext(): boolean {
    const tag = this.buffer[this.offset] ?? 0xc0;
    return (tag >= 0x90 && tag < 0xa0) || tag === 0xdc || tag === 0xdd;
  }

  /** Whether a text of the raw and str family starts here; bin, which `readText` takes, does not count. */
  isTextNext(): boolean {
    const tag = this.buffer[this.offset] ?? 0xc0;
    return (tag >= 0xa0 && tag < 0xc0) || (tag >= 0xd9 && tag <= 0xdb);
  }

  /** Steps over one value of any type with all it contains. It does not recurse: nesting costs nothing. */
  skip(): void {
    let values = 1; // still to step over; each takes at least one byte, which bounds the loop
    while (values > 0) {
      values += this.skipOne() - 1;
      if (values > this.remaining) throw new TruncatedError(this.offset + values);
    }
  }

  /**
   * Steps over one value without its elements and returns how many of them follow. For those who look for
   * the end of a message that is still arriving, and go on where they stopped.
   */
  skipOne(): number {
    const tag = this.#byte();
    if (tag < 0x80 || tag >= 0xe0) return 0;
    if (tag < 0x90) return 2 * (tag & 0x0f);
    if (tag < 0xa0) return tag & 0x0f;
    if (tag < 0xc0) return this.#skipBytes(tag & 0x1f);
    switch (tag) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        return 0;
      case 0xcc:
      case 0xd0:
        return this.#skipBytes(1);
      case 0xcd:
      case 0xd1:
        return this.#skipBytes(2);
      case 0xca:
      case 0xce:
      case 0xd2:
        return this.#skipBytes(4);
      case 0xcb:
      case 0xcf:
      case 0xd3:
        return this.#skipBytes(8);
      case 0xc4:
      case 0xd9:
        return this.#skipBytes(this.#unsigned(1));
      case 0xc5:
      case 0xda:
        return this.#skipBytes(this.#unsigned(2));
      case 0xc6:
      case 0xdb:
        return this.#skipBytes(this.#unsigned(4));
      case 0xc7:
        return this.#skipBytes(this.#unsigned(1) + 1);
      case 0xc8:
        return this.#skipBytes(this.#unsigned(2) + 1);
      case 0xc9:
        return this.#skipBytes(this.#unsigned(4) + 1);
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#skipBytes(1 + 2 ** (tag - 0xd4)); // type, then 1, 2, 4, 8 or 16 bytes
      case 0xdc:
        return this.#unsigned(2);
      case 0xdd:
        return this.#unsigned(4);
      case 0xde:
        return 2 * this.#unsigned(2);
      case 0xdf:
        return 2 * this.#unsigned(4);
      default:
        throw unexpected('a value', tag);
    }
  }

  #skipBytes(bytes: number): number {
    this.#claim(bytes);
    return 0;
  }

  #textLength(): number {
    const tag = this.#byte();
    if (tag >= 0xa0 && tag < 0xc0) return tag & 0x1f;
    switch (tag) {
      case 0xc4:
      case 0xd9:
        return this.#unsigned(1);
      case 0xc5:
      case 0xda:
        return this.#unsigned(2);
      case 0xc6:
      case 0xdb:
        return this.#unsigned(4);
      default:
        throw unexpected('text or data', tag);
    }
  }

  #checkedCount(count: number, bytesEach: number, countMax: number): number {
    if (count > countMax) throw new DecodeError('limit', `${count} elements, the limit is ${countMax}`);
    const bytesMin = count * bytesEach;
    if (bytesMin > this.remaining) throw new TruncatedError(this.offset + bytesMin);
    return count;
  }

  #safe(high: number, low: number): number {
    const value = high * 0x100000000 + low;
    if (!Number.isSafeInteger(value)) throw new DecodeError('limit', 'an integer beyond 2^53 - 1');
    return value;
  }

  /** A big-endian unsigned integer of 1, 2 or 4 bytes. */
  #unsigned(bytes: number): number {
    const at = this.#claim(bytes);
    let value = 0;
    for (let i = at; i < at + bytes; i++) value = value * 0x100 + (this.buffer[i] as number);
    return value;
  }

  #byte(): number {
    return this.buffer[this.#claim(1)] as number;
  }

  /** Moves behind the next bytes, which must be there, and returns where they start. */
  #claim(bytes: number): number {
    const start = this.offset;
    const end = start + bytes;
    if (end > this.buffer.length) throw new TruncatedError(end);
    this.offset = end;
    return start;
  }
}

function unexpected(expected: string, tag: number): DecodeError {
  return new DecodeError(
    'malformed',
    `${expected} cannot start with byte 0x${tag.toString(16).padStart(2, '0')}`,
  );
}
