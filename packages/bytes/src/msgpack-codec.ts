// One object per field type that knows both directions.
// A message is described once, as a struct of codecs (msgpack-struct.ts), so encoder and decoder cannot drift
// apart. As in Go, nil decodes to the zero value of whatever was expected; where nil and empty must be told
// apart there is `nilable`. Lists and maps carry the bound their owner gives them.

import { DecodeError } from './decode-error.ts';
import { decodeAny, encodeAny, type MsgpackValue } from './msgpack-any.ts';
import type { MsgpackReader } from './msgpack-reader.ts';
import { type MsgpackDialect, MsgpackWriter } from './msgpack-writer.ts';

/** Both directions of one type. `decode` throws only `DecodeError`, and takes nil as the zero value. */
export interface Codec<T> {
  /** What a missing field or nil means: 0, '', false, no bytes, an empty list, null, a struct of zeros. */
  readonly zero: () => T;
  /** Throws RangeError for a number the type cannot hold: that is a mistake of ours, not of a peer. */
  readonly encode: (writer: MsgpackWriter, value: T) => void;
  readonly decode: (reader: MsgpackReader) => T;
}

/** Encodes one value, after `prefixByte` if given (a message type), into an array of its own. */
export function encodeWith<T>(
  codec: Codec<T>,
  dialect: MsgpackDialect,
  value: T,
  prefixByte?: number,
): Uint8Array {
  const writer = new MsgpackWriter(dialect);
  if (prefixByte !== undefined) writer.byte(prefixByte);
  codec.encode(writer, value);
  return writer.finish();
}

/** 0 to 2^8 - 1. */
export const uint8: Codec<number> = integerCodec(0, 0xff);
/** 0 to 2^16 - 1. */
export const uint16: Codec<number> = integerCodec(0, 0xffff);
/** 0 to 2^32 - 1. */
export const uint32: Codec<number> = integerCodec(0, 0xffffffff);
/** 0 to 2^53 - 1: larger ones, which Go could send, are a 'limit' error. */
export const uint64: Codec<number> = integerCodec(0, Number.MAX_SAFE_INTEGER);
/** -2^31 to 2^31 - 1. */
export const int32: Codec<number> = integerCodec(-0x80000000, 0x7fffffff);
/** ±(2^53 - 1), Go's `int`, `int64` and `time.Duration`: others are a 'limit' error. */
export const int64: Codec<number> = integerCodec(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

/** 0 to 2^64 - 1, exactly: Go's `uint64` where others choose the value. */
export const bigUint64: Codec<bigint> = {
  zero: () => 0n,
  encode: (writer, value) => writer.bigUnsigned(value),
  decode: (reader) => (reader.readNil() ? 0n : reader.readBigUnsigned()),
};

/**
 * Go's `int64` as the nearest number: exact up to ±(2^53 - 1), which are 104 days of a `time.Duration`, and
 * within 2^-53 of the value beyond. Encoding a larger number than Go can hold gives the largest that it can.
 */
export const nearestInt64: Codec<number> = {
  zero: () => 0,
  encode: (writer, value) => writer.nearestInt64(value),
  decode: (reader) => (reader.readNil() ? 0 : reader.readNearestInt64()),
};

/** true or false. */
export const boolean: Codec<boolean> = {
  zero: () => false,
  encode: (writer, value) => writer.boolean(value),
  decode: (reader) => !reader.readNil() && reader.readBoolean(),
};

/** A 64-bit float; decodes integers too. */
export const float64: Codec<number> = {
  zero: () => 0,
  encode: (writer, value) => writer.float64(value),
  decode: (reader) => (reader.readNil() ? 0 : reader.readFloat64()),
};

/** A Go string: any bytes, see text.ts. */
export const text: Codec<string> = {
  zero: () => '',
  encode: (writer, value) => writer.text(value),
  decode: (reader) => (reader.readNil() ? '' : reader.readText()),
};

/** No bytes: one for all, as a message with a few such fields would cost more to begin than to read. */
const noBytes = new Uint8Array(0);

/** A byte string that nobody expects to be nil: empty is written as empty, nil is read as empty. */
export const bytes: Codec<Uint8Array> = {
  zero: () => noBytes,
  encode: (writer, value) => writer.bytes(value),
  decode: (reader) => (reader.readNil() ? noBytes : reader.readBytes()),
};

/** A byte string whose absence is written as nil. */
export const nilableBytes: Codec<Uint8Array | null> = nilable(bytes);

/** Any value, arrays and maps nested up to `depthMax` deep ('limit' beyond). */
export function anyValue(depthMax: number): Codec<MsgpackValue> {
  return {
    zero: () => null,
    encode: (writer, value) => encodeAny(writer, value),
    decode: (reader) => decodeAny(reader, depthMax),
  };
}

/** null, written as nil, or a value; a missing field is null. */
export function nilable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    zero: () => null,
    encode: (writer, value) => (value === null ? writer.nil() : codec.encode(writer, value)),
    decode: (reader) => (reader.readNil() ? null : codec.decode(reader)),
  };
}

/** An array of at most `elementsMax` values ('limit' beyond); nil is read as empty. */
export function list<T>(codec: Codec<T>, elementsMax: number): Codec<readonly T[]> {
  return {
    zero: () => [],
    encode: (writer, elements) => writer.list(elements, codec.encode),
    decode: (reader) => {
      const elements: T[] = [];
      if (reader.readNil()) return elements;
      for (let left = reader.readArrayHeader(elementsMax); left > 0; left--)
        elements.push(codec.decode(reader));
      return elements;
    },
  };
}

/** Like `list`, but a Go slice that may be nil: null is written and read as nil. */
export function nilableList<T>(codec: Codec<T>, elementsMax: number): Codec<readonly T[] | null> {
  return nilable(list(codec, elementsMax));
}

/**
 * A map with text keys and at most `entriesMax` entries ('limit' beyond), written in insertion order; nil is
 * read as empty, and of a key that occurs twice the last value counts.
 */
export function textMap<T>(codec: Codec<T>, entriesMax: number): Codec<ReadonlyMap<string, T>> {
  return {
    zero: () => new Map(),
    encode: (writer, entries) => {
      writer.mapHeader(entries.size);
      for (const [key, value] of entries) {
        writer.text(key);
        codec.encode(writer, value);
      }
    },
    decode: (reader) => {
      const entries = new Map<string, T>();
      if (reader.readNil()) return entries;
      for (let left = reader.readMapHeader(entriesMax); left > 0; left--) {
        entries.set(text.decode(reader), codec.decode(reader));
      }
      return entries;
    },
  };
}

function integerCodec(min: number, max: number): Codec<number> {
  return {
    zero: () => 0,
    encode: (writer, value) => {
      if (value < min || value > max) throw new RangeError(`${value} is not between ${min} and ${max}`);
      writer.integer(value);
    },
    decode: (reader) => {
      if (reader.readNil()) return 0;
      const value = reader.readInteger();
      if (value < min || value > max) {
        throw new DecodeError('malformed', `${value} is not between ${min} and ${max}`);
      }
      return value;
    },
  };
}
