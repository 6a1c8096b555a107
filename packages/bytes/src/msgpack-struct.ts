// Go structs as go-msgpack puts them on the wire.
// A struct is a map from field names to values. It is written with its keys in byte order, all but the empty
// `omitempty` ones. It is read in any order: unknown keys are skipped, missing ones are zero, of equal ones
// the last counts. An array in the order of Go's declaration is read too, though nobody is known to write
// one. All peers write our order; for them finding a field is one comparison of its key.

import { compareBytes } from './byte-array.ts';
import type { Codec } from './msgpack-codec.ts';
import type { MsgpackReader } from './msgpack-reader.ts';
import type { MsgpackWriter } from './msgpack-writer.ts';
import { encodeText } from './text.ts';

/** One field of a struct: its name on the wire and its type. */
export interface Field<T> {
  readonly wireName: string;
  readonly codec: Codec<T>;
  /** Left out on the wire when empty (Go's `omitempty`). */
  readonly optional: boolean;
}

/** The fields of a struct: a property for each of T's, in the order in which Go declares them. */
export type StructFields<T> = { readonly [Name in keyof T]-?: Field<T[Name]> };

/** What can be empty and then left out: 0, '', false, null, no bytes, no elements, no entries. */
export type Omittable =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly unknown[]
  | ReadonlyMap<unknown, unknown>;

/** A struct's codec. */
export interface StructCodec<T> extends Codec<T> {
  /**
   * Like `decode`, but fields that are missing keep the value they have in `previous`, as in Go when a struct
   * is decoded into one that is in use. Serf's RPC headers need it. `previous` is not changed.
   */
  readonly decodeOver: (reader: MsgpackReader, previous: T) => T;
}

/** A field that is always written. */
export function field<T>(wireName: string, codec: Codec<T>): Field<T> {
  return { wireName, codec, optional: false };
}

/** A field that is left out when it is empty. */
export function optionalField<T extends Omittable>(wireName: string, codec: Codec<T>): Field<T> {
  return { wireName, codec, optional: true };
}

/**
 * The codec of a struct.
 *
 * ```ts
 * interface Ping { readonly seqNo: number; readonly node: string }
 * const ping = struct<Ping>({ seqNo: field('SeqNo', uint32), node: field('Node', text) });
 * ```
 */
export function struct<T extends object>(fields: StructFields<T>): StructCodec<T> {
  let known: Members | undefined;
  const members = (): Members => {
    known ??= membersOf(fields as unknown as Record<string, Field<unknown>>);
    return known;
  };
  const zero = () => {
    const value: Values = {};
    for (const member of members().declared) value[member.name] = member.codec.zero();
    return value;
  };
  const decodeInto = (value: Values, reader: MsgpackReader) => {
    if (reader.isArrayNext()) decodeArray(members().declared, reader, value);
    else decodeMap(members().sorted, reader, value);
    return value as T;
  };
  return {
    zero: () => zero() as T,
    encode: (writer, value) => encodeMap(members().sorted, writer, value as Values),
    decode: (reader) => (reader.readNil() ? (zero() as T) : decodeInto(zero(), reader)),
    decodeOver: (reader, previous) =>
      reader.readNil() ? (zero() as T) : decodeInto({ ...previous } as Values, reader),
  };
}

/** A struct's fields in both orders, made when the first value comes: a command uses few of those it has. */
interface Members {
  readonly declared: readonly Member[];
  /** By the bytes of their keys. */
  readonly sorted: readonly Member[];
}

/** A field with what is worked out once. */
interface Member {
  /** The property's name in T. */
  readonly name: string;
  /** The wire name's bytes. */
  readonly key: Uint8Array;
  readonly codec: Codec<unknown>;
  readonly optional: boolean;
}

function membersOf(fields: Readonly<Record<string, Field<unknown>>>): Members {
  const declared = Object.entries(fields).map(
    ([name, { wireName, codec, optional }]): Member => ({ name, key: encodeText(wireName), codec, optional }),
  );
  return { declared, sorted: declared.toSorted((a, b) => compareBytes(a.key, b.key)) };
}

/** A struct's value while its fields are handled one by one; `StructFields` has checked their types. */
type Values = Record<string, unknown>;

function encodeMap(sorted: readonly Member[], writer: MsgpackWriter, value: Values): void {
  let entries = 0;
  for (const member of sorted) if (isWritten(member, value)) entries++;
  writer.mapHeader(entries);
  for (const member of sorted) {
    if (!isWritten(member, value)) continue;
    writer.encodedText(member.key);
    member.codec.encode(writer, value[member.name]);
  }
}

function decodeMap(sorted: readonly Member[], reader: MsgpackReader, value: Values): void {
  let expected = 0;
  for (let left = reader.readMapHeader(); left > 0; left--) {
    const found = readKey(sorted, reader, expected);
    const member = sorted[found];
    if (member === undefined) reader.skip();
    else {
      value[member.name] = member.codec.decode(reader);
      expected = found + 1;
    }
  }
}

function decodeArray(declared: readonly Member[], reader: MsgpackReader, value: Values): void {
  const elements = reader.readArrayHeader();
  for (let i = 0; i < elements; i++) {
    const member = declared[i];
    if (member === undefined) reader.skip();
    else value[member.name] = member.codec.decode(reader);
  }
}

/** Consumes a key and returns the index of its field, -1 if unknown, trying the expected ones first. */
function readKey(sorted: readonly Member[], reader: MsgpackReader, expected: number): number {
  const length = reader.readTextHeader();
  const start = reader.offset;
  reader.offset += length;
  for (let i = 0; i < sorted.length; i++) {
    const index = (expected + i) % sorted.length;
    const { key } = sorted[index] as Member;
    if (key.length === length && isAt(reader.buffer, start, key)) return index;
  }
  return -1;
}

function isAt(buffer: Uint8Array, start: number, key: Uint8Array): boolean {
  for (let i = 0; i < key.length; i++) if (buffer[start + i] !== key[i]) return false;
  return true;
}

function isWritten(member: Member, value: Values): boolean {
  return !member.optional || !isEmpty(value[member.name] as Omittable);
}

function isEmpty(value: Omittable): boolean {
  if (typeof value !== 'object' || value === null) return !value;
  return 'size' in value ? value.size === 0 : value.length === 0;
}
