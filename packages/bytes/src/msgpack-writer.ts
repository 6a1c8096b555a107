// Msgpack as HashiCorp's programs write it.
// They use go-msgpack in two dialects: gossip (and Consul's RPC) in the old one, where texts and byte strings
// are both "raw" and neither str8 nor bin exists; Serf's agent RPC in the new one. Integers take the smallest
// form, non-negative ones unsigned, as go-msgpack 0.5 does. Map keys are the caller's business: struct codecs
// (msgpack-struct.ts) write them in byte order. Next: msgpack-reader.ts.

import { textByteLength, writeText } from './text.ts';

/** Which of the forms added to msgpack in 2013 may be written. */
export interface MsgpackDialect {
  /** Texts of 32-255 bytes use str8 (0xd9), not raw16. */
  readonly str8: boolean;
  /** Byte strings use bin8/16/32 (0xc4-0xc6), not the raw family that texts use. */
  readonly bin: boolean;
}

/** The old dialect: all gossip, and the bodies of Consul's RPC. */
export const gossipDialect: MsgpackDialect = { str8: false, bin: false };

/** The new dialect: the Serf agent's RPC. */
export const rpcDialect: MsgpackDialect = { str8: true, bin: true };

/** Appends msgpack values to a buffer that grows. */
export class MsgpackWriter {
  readonly dialect: MsgpackDialect;
  #buffer: Uint8Array = nothing;
  #view: DataView | undefined;
  #length = 0;

  constructor(dialect: MsgpackDialect) {
    this.dialect = dialect;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Returns what was written, in an array of its own, and starts over: the writer can be used again. */
  finish(): Uint8Array {
    const bytes = this.#buffer.slice(0, this.#length);
    if (this.#buffer.length > spare.length && this.#buffer.length <= spareBytesMax) spare = this.#buffer;
    this.#buffer = nothing;
    this.#view = undefined;
    this.#length = 0;
    return bytes;
  }

  nil(): void {
    this.byte(0xc0);
  }

  boolean(value: boolean): void {
    this.byte(value ? 0xc3 : 0xc2);
  }

  /** The smallest form of a safe integer; anything else is a RangeError. */
  integer(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`);
    if (value >= 0) {
      if (value < 0x80) this.byte(value);
      else if (value <= 0xff) this.#tagged(0xcc, value, 1);
      else if (value <= 0xffff) this.#tagged(0xcd, value, 2);
      else if (value <= 0xffffffff) this.#tagged(0xce, value, 4);
      else this.#tagged(0xcf, value, 8);
    } else if (value >= -0x20) this.byte(value & 0xff);
    else if (value >= -0x80) this.#tagged(0xd0, value, 1);
    else if (value >= -0x8000) this.#tagged(0xd1, value, 2);
    else if (value >= -0x80000000) this.#tagged(0xd2, value, 4);
    else this.#tagged(0xd3, value, 8);
  }

  /** The smallest form of 0 to 2^64 - 1; anything else is a RangeError. */
  bigUnsigned(value: bigint): void {
    if (value !== BigInt.asUintN(64, value)) throw new RangeError(`${value} is not between 0 and 2^64 - 1`);
    if (value <= BigInt(Number.MAX_SAFE_INTEGER)) this.integer(Number(value));
    else this.#eightBytes(0xcf, value);
  }

  /** The smallest form of an integer, which beyond ±2^63 becomes the last that Go's `int64` can hold. */
  nearestInt64(value: number): void {
    if (Number.isSafeInteger(value)) return this.integer(value);
    if (!Number.isInteger(value)) throw new RangeError(`${value} is not an integer`);
    if (value < 0) this.#eightBytes(0xd3, value <= -(2 ** 63) ? -(2n ** 63n) : BigInt(value));
    else this.#eightBytes(0xcf, value >= 2 ** 63 ? 2n ** 63n - 1n : BigInt(value));
  }

  /** Always eight bytes (0xcb), even for a whole number. */
  float64(value: number): void {
    const at = this.#grow(9);
    this.#buffer[at] = 0xcb;
    this.#view ??= new DataView(this.#buffer.buffer);
    this.#view.setFloat64(at + 1, value);
  }

  text(value: string): void {
    const length = textByteLength(value);
    this.#textHeader(length);
    const at = this.#grow(length); // may replace the buffer
    writeText(value, this.#buffer, at);
  }

  /** A text that is already encoded, such as the key of a struct. */
  encodedText(value: Uint8Array): void {
    this.#textHeader(value.length);
    this.raw(value);
  }

  /** A byte string; empty stays empty and does not become nil. */
  bytes(value: Uint8Array): void {
    const { length } = value;
    if (!this.dialect.bin) this.#textHeader(length);
    else if (length <= 0xff) this.#tagged(0xc4, length, 1);
    else if (length <= 0xffff) this.#tagged(0xc5, length, 2);
    else this.#tagged(0xc6, length, 4);
    this.raw(value);
  }

  /** The start of a map; `entries` keys and values must follow. */
  mapHeader(entries: number): void {
    if (entries < 0x10) this.byte(0x80 | entries);
    else if (entries <= 0xffff) this.#tagged(0xde, entries, 2);
    else this.#tagged(0xdf, entries, 4);
  }

  /** The start of an array; `elements` values must follow. */
  arrayHeader(elements: number): void {
    if (elements < 0x10) this.byte(0x90 | elements);
    else if (elements <= 0xffff) this.#tagged(0xdc, elements, 2);
    else this.#tagged(0xdd, elements, 4);
  }

  /** An array. */
  list<T>(elements: readonly T[], encode: (writer: MsgpackWriter, element: T) => void): void {
    this.arrayHeader(elements.length);
    for (const element of elements) encode(this, element);
  }

  /** One byte as it is, such as a message type before its body. */
  byte(value: number): void {
    const at = this.#grow(1);
    this.#buffer[at] = value;
  }

  /** Bytes as they are, without a header. */
  raw(value: Uint8Array): void {
    const at = this.#grow(value.length);
    if (value.length > shortBytesMax) this.#buffer.set(value, at);
    else for (let i = 0; i < value.length; i++) this.#buffer[at + i] = value[i] as number;
  }

  #textHeader(length: number): void {
    if (length < 0x20) this.byte(0xa0 | length);
    else if (length <= 0xff && this.dialect.str8) this.#tagged(0xd9, length, 1);
    else if (length <= 0xffff) this.#tagged(0xda, length, 2);
    else this.#tagged(0xdb, length, 4);
  }

  /** A tag and a big-endian integer of 1, 2, 4 or 8 bytes, two's complement if negative. */
  #tagged(tag: number, value: number, bytes: number): void {
    const at = this.#grow(1 + bytes);
    const buffer = this.#buffer;
    buffer[at] = tag;
    let rest = value;
    for (let i = bytes; i > 0; i--) {
      buffer[at + i] = rest & 0xff; // bitwise operators take integers modulo 2^32, so also negative ones
      rest = bytes === 8 ? Math.floor(rest / 0x100) : rest >> 8;
    }
  }

  #eightBytes(tag: number, value: bigint): void {
    this.byte(tag);
    for (let shift = 56n; shift >= 0n; shift -= 8n) this.byte(Number((value >> shift) & 0xffn));
  }

  /** Makes room for more bytes and returns where they go. */
  #grow(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.#buffer.length) this.#makeRoom(at);
    return at;
  }

  /** Moves what was written, so many bytes, to where there is room for `#length`. */
  #makeRoom(written: number): void {
    const before = this.#buffer;
    if (spare.length >= this.#length) {
      this.#buffer = spare;
      spare = nothing;
    } else this.#buffer = new Uint8Array(Math.max(this.#length, before.length * 2, bytesMin));
    if (written > 0) this.#buffer.set(before.subarray(0, written));
    this.#view = undefined;
  }
}

const nothing = new Uint8Array(0);
/**
 * The room of the writer that has finished last, for the next one: larger arrays lie outside of V8's heap,
 * where they are dear to make, and wait for a collection each.
 */
let spare: Uint8Array = nothing;
const spareBytesMax = 131_072;
const bytesMin = 1024;
/** Up to here a loop beats the call of `set`. */
const shortBytesMax = 24;
