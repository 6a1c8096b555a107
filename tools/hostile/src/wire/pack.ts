// Msgpack as an attacker would write it: any value in any place, in the widest forms there are. Written for
// this corpus and not shared with the program under test, whose writers refuse what is wanted here.
// Next: messages.ts.

/**
 * A msgpack value: strings and bytes in the old raw family, bigint as 64 bits.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value };

/** Fields by their names on the wire. */
export type Fields = { readonly [key: string]: Value };

/** The bytes of a value. */
export function pack(value: Value): Buffer {
  if (value === null) return Buffer.of(0xc0);
  if (typeof value === 'boolean') return Buffer.of(value ? 0xc3 : 0xc2);
  if (typeof value === 'number') return packNumber(value);
  if (typeof value === 'bigint') return withUint(0xcf, value, 8);
  if (typeof value === 'string') return packRaw(Buffer.from(value));
  if (value instanceof Uint8Array) return packRaw(value);
  if (isList(value)) return Buffer.concat([withUint(0xdd, value.length, 4), ...value.map(pack)]);
  const entries = Object.entries(value).flatMap(([key, field]) => [pack(key), pack(field)]);
  return Buffer.concat([withUint(0xdf, entries.length / 2, 4), ...entries]);
}

/** A head byte and a big-endian number. */
export function withUint(head: number, value: number | bigint, size: 2 | 4 | 8): Buffer {
  const hex = BigInt(value)
    .toString(16)
    .padStart(size * 2, '0');
  return Buffer.concat([Buffer.of(head), Buffer.from(hex, 'hex')]);
}

function isList(value: readonly Value[] | Fields): value is readonly Value[] {
  return Array.isArray(value);
}

function packNumber(value: number): Buffer {
  if (value >= 0 && value < 128) return Buffer.of(value);
  if (value < 0) return withUint(0xd3, BigInt.asUintN(64, BigInt(value)), 8);
  return value <= 0xffffffff ? withUint(0xce, value, 4) : withUint(0xcf, value, 8);
}

function packRaw(bytes: Uint8Array): Buffer {
  return Buffer.concat([withUint(0xdb, bytes.length, 4), bytes]);
}
