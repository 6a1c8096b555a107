// Msgpack without a schema, for those who print or pass on what they do not know.

import { DecodeError } from './decode-error.ts';
import type { MsgpackReader } from './msgpack-reader.ts';
import type { MsgpackWriter } from './msgpack-writer.ts';

/** Any msgpack value: raw is text (raw and str are one family), bin is bytes. */
export type MsgpackValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly MsgpackValue[]
  | ReadonlyMap<MsgpackValue, MsgpackValue>;

/**
 * Decodes the next value, whatever it is. Arrays and maps nested deeper than `depthMax` and integers beyond
 * 2^53 - 1 are a 'limit' error, extension types are 'malformed'. The buffer's length bounds the memory taken,
 * at a few hundred times as much: an empty map is one byte on the wire.
 */
export function decodeAny(reader: MsgpackReader, depthMax: number): MsgpackValue {
  if (reader.readNil()) return null;
  if (reader.isArrayNext()) return decodeArray(reader, depthMax);
  if (reader.isMapNext()) return decodeMap(reader, depthMax);
  switch (reader.buffer[reader.offset]) {
    case 0xc2:
    case 0xc3:
      return reader.readBoolean();
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return reader.readBytes();
    default:
      return reader.isTextNext() ? reader.readText() : reader.readFloat64();
  }
}

/** Encodes any value. Whole numbers become integers: a decoded value no longer tells 1 from 1.0. */
export function encodeAny(writer: MsgpackWriter, value: MsgpackValue): void {
  if (value === null) writer.nil();
  else if (typeof value === 'boolean') writer.boolean(value);
  else if (typeof value === 'string') writer.text(value);
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) writer.integer(value);
    else writer.float64(value);
  } else if (value instanceof Uint8Array) writer.bytes(value);
  else if (value instanceof Map) encodeMap(writer, value);
  else encodeArray(writer, value as readonly MsgpackValue[]);
}

function encodeArray(writer: MsgpackWriter, elements: readonly MsgpackValue[]): void {
  writer.arrayHeader(elements.length);
  for (const element of elements) encodeAny(writer, element);
}

function encodeMap(writer: MsgpackWriter, entries: ReadonlyMap<MsgpackValue, MsgpackValue>): void {
  writer.mapHeader(entries.size);
  for (const [key, value] of entries) {
    encodeAny(writer, key);
    encodeAny(writer, value);
  }
}

function decodeArray(reader: MsgpackReader, depthMax: number): readonly MsgpackValue[] {
  const depthLeft = descend(depthMax);
  const elements: MsgpackValue[] = [];
  for (let left = reader.readArrayHeader(); left > 0; left--) elements.push(decodeAny(reader, depthLeft));
  return elements;
}

function decodeMap(reader: MsgpackReader, depthMax: number): ReadonlyMap<MsgpackValue, MsgpackValue> {
  const depthLeft = descend(depthMax);
  const entries = new Map<MsgpackValue, MsgpackValue>();
  for (let left = reader.readMapHeader(); left > 0; left--) {
    entries.set(decodeAny(reader, depthLeft), decodeAny(reader, depthLeft));
  }
  return entries;
}

function descend(depthMax: number): number {
  if (depthMax === 0) throw new DecodeError('limit', 'arrays or maps nested too deeply');
  return depthMax - 1;
}
