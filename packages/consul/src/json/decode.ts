// JSON as Go's encoding/json puts it into structs: names in any case, null leaves a field as it was, and
// complaints are word for word Go's, which clients and their tests know. What is expected is described once,
// as a struct of kinds.
// Source: encoding/json decode.go, UnmarshalTypeError; lib/json.go (unknown fields refused).

import { decodeBase64 } from '@reeve/bytes';
import {
  compactJson,
  goWord,
  isList,
  isObject,
  type JsonValue,
  parseDuration,
  parseFirstJson,
  quote,
} from '@reeve/cli';

/** One kind of value. */
export interface Kind<T> {
  /** What a field is that is missing, and one that is null unless `nil` says otherwise. */
  readonly zero: T;
  /** What a field is that is null, where that differs from one that is missing. */
  readonly nil?: T;
  /** @throws JsonMisfit, which names the field */
  readonly read: (value: JsonValue, at: Place) => T;
}

/** Where a value stands, as Go says it: the innermost struct's name and the path of fields from the top. */
export interface Place {
  readonly struct: string;
  readonly field: string;
  /** Whether fields that nobody knows are refused: who decodes says so, not what is decoded. */
  readonly isStrict: boolean;
}

/** JSON that does not fit; the message is Go's. */
export class JsonMisfit extends Error {
  override name = 'JsonMisfit';
}

/** A value of another type than is expected, at some place. */
class WrongType extends JsonMisfit {
  readonly #found: string;
  readonly #goType: string;

  constructor(found: string, goType: string, { struct, field }: Place) {
    const place = field === '' ? 'value' : `struct field ${struct}.${field}`;
    super(`json: cannot unmarshal ${found} into Go ${place} of type ${goType}`);
    this.#found = found;
    this.#goType = goType;
  }

  /** The same of another place. */
  movedTo(at: Place): WrongType {
    return new WrongType(this.#found, this.#goType, at);
  }
}

/** The fields of a struct by their names in Go. */
export type Fields<T> = { readonly [Name in keyof T]-?: readonly [goName: string, kind: Kind<T[Name]>] };

/**
 * Reads the first value of a text; what follows it is ignored, as by Go.
 * @throws JsonError, JsonMisfit
 */
export function decodeJson<T>(bytes: Uint8Array, kind: Kind<T>, isStrict = false): T {
  return readJson(parseFirstJson(bytes, 'exact'), kind, isStrict);
}

/** Reads a value. @throws JsonMisfit */
export function readJson<T>(value: JsonValue, kind: Kind<T>, isStrict = false): T {
  return value === null ? kind.zero : kind.read(value, { struct: '', field: '', isStrict });
}

/**
 * The type of a struct without a name, as Go prints it: fields of its own, which only this decoding has, and
 * then those of the type that is decoded. A field without a tag is spelt as in JSON.
 */
export function namelessStruct(
  alias: 'structs.Alias' | 'api.Alias',
  own: readonly (readonly [name: string, goType: string, tag?: string])[],
): string {
  const fields = own.map(([name, goType, tag]) => {
    return tag === undefined ? `${name} ${goType}` : `${name} ${goType} "json:\\"${tag}\\""`;
  });
  return `struct { ${[...fields, `*${alias}`].join('; ')} }`;
}

/**
 * A struct. `goName` has its package where that is not `structs`; where Go decodes into a struct without a
 * name it is all of that (see `namelessStruct`). Of the fields in `unread` nobody looks at the value.
 */
export function struct<T extends object>(
  goName: string,
  fields: Fields<T>,
  unread: readonly string[] = [],
): Kind<T> {
  const isNameless = goName.startsWith('struct {');
  const goType = isNameless || goName.includes('.') ? goName : `structs.${goName}`;
  const ownName = isNameless ? '' : goName.slice(goName.indexOf('.') + 1);
  const declared = Object.entries(fields as unknown as Record<string, readonly [string, Kind<unknown>]>);
  const byName = new Map(
    declared.map(([name, [wireName, kind]]) => [wireName.toLowerCase(), { name, wireName, kind }]),
  );
  const known = new Set([...byName.keys(), ...unread.map((name) => name.toLowerCase())]);
  const zero = Object.freeze(Object.fromEntries(declared.map(([name, [, kind]]) => [name, kind.zero]))) as T;
  const read = (value: JsonValue, at: Place): T => {
    if (!isObject(value)) throw mismatch(value, at, goType);
    const result = { ...zero } as Record<string, unknown>;
    for (const [key, item] of Object.entries(value)) {
      const name = key.toLowerCase();
      if (at.isStrict && !known.has(name)) throw new JsonMisfit(`json: unknown field ${quote(key)}`);
      const field = byName.get(name);
      if (field === undefined) continue;
      const { kind, wireName } = field;
      const path = at.field === '' ? wireName : `${at.field}.${wireName}`;
      if (item !== null) result[field.name] = kind.read(item, { ...at, struct: ownName, field: path });
      else if (kind.nil !== undefined) result[field.name] = kind.nil;
    }
    return result as T;
  };
  return { zero, read };
}

/**
 * A type that decodes itself (`UnmarshalJSON`), and says for itself whether unknown fields are refused. Of
 * what does not fit inside it Go names the place of the whole, unless the whole is all there is.
 */
export function onItsOwn<T>(kind: Kind<T>, isStrict: boolean): Kind<T> {
  return {
    zero: kind.zero,
    read: (value, at) => {
      try {
        return kind.read(value, { struct: '', field: '', isStrict });
      } catch (error) {
        throw error instanceof WrongType && at.field !== '' ? error.movedTo(at) : error;
      }
    },
  };
}

/** A Go string. */
export const text: Kind<string> = textOf('string');

/** A string of a type with a name of its own. */
export function textOf<T extends string>(goType: string): Kind<T> {
  return {
    zero: '' as T,
    read: (value, at) => {
      if (typeof value !== 'string') throw mismatch(value, at, goType);
      return value as T;
    },
  };
}

/** true or false. */
export const truth: Kind<boolean> = {
  zero: false,
  read: (value, at) => {
    if (typeof value !== 'boolean') throw mismatch(value, at, 'bool');
    return value;
  },
};

/** Go's `int`. */
export const int: Kind<number> = whole('int', -(2n ** 63n), 2n ** 63n);
/** Go's `uint64`, as far as a number is exact. */
export const uint64: Kind<number> = whole('uint64', 0n, 2n ** 64n);
/** Go's `uint`. */
export const uint: Kind<number> = whole('uint', 0n, 2n ** 64n);

/** Go's `uint64` with all of its digits, for numbers that clients choose. */
export const exactUint64: Kind<bigint> = {
  zero: 0n,
  read: (value, at) => {
    uint64.read(value, at); // refuses what is none
    return BigInt(value as number | bigint);
  },
};

/** Bytes, in base64. */
export const bytes: Kind<Uint8Array> = {
  zero: new Uint8Array(0),
  read: (value, at) => {
    if (typeof value !== 'string') throw mismatch(value, at, '[]uint8');
    try {
      return decodeBase64(value);
    } catch (error) {
      throw new JsonMisfit((error as Error).message);
    }
  },
};

/** A 64-bit float. */
export const float: Kind<number> = {
  zero: 0,
  read: (value, at) => {
    if (typeof value !== 'number' && typeof value !== 'bigint') throw mismatch(value, at, 'float64');
    return Number(value);
  },
};

/** Nanoseconds: a text with units, or the number itself; anything else is as if it were missing. */
export const durationNs: Kind<number> = {
  zero: 0,
  read: (value) => (isDuration(value) ? nanoseconds(value) : 0),
};

/** The same in Go's client library, which refuses anything else (upstream: ReadableDuration). */
export const readableDurationNs: Kind<number> = {
  zero: 0,
  read: (value) => {
    if (isDuration(value)) return nanoseconds(value);
    throw new JsonMisfit(`strconv.ParseFloat: parsing ${quote(compactJson(value))}: invalid syntax`);
  },
};

/** A slice, null if it is missing. `goItem` is the Go type of its elements, `goType` its own. */
export function list<T>(item: Kind<T>, goItem: string, goType = `[]${goItem}`): Kind<readonly T[] | null> {
  return {
    zero: null,
    read: (value, at) => {
      if (!isList(value)) throw mismatch(value, at, goType);
      if (value.length > listElementsMax)
        throw new JsonMisfit(`${value.length} elements, the limit is ${listElementsMax}`);
      return value.map((element) => (element === null ? item.zero : item.read(element, at)));
    },
  };
}

/** A map with text keys, null if it is missing. `goItem` is the Go type of its values. */
export function map<T>(item: Kind<T>, goItem: string): Kind<ReadonlyMap<string, T> | null> {
  return {
    zero: null,
    read: (value, at) => {
      if (!isObject(value)) throw mismatch(value, at, `map[string]${goItem}`);
      return new Map(
        Object.entries(value).map(([key, element]) => [
          key,
          element === null ? item.zero : item.read(element, at),
        ]),
      );
    },
  };
}

/** A pointer: null if it is missing. */
export function nilable<T>(kind: Kind<T>): Kind<T | null> {
  return { zero: null, read: kind.read };
}

/** The same kind with another value where the field is missing. */
export function withDefault<T>(kind: Kind<T>, zero: T): Kind<T> {
  return { zero, read: kind.read };
}

/** A list with another value where the field is missing, while null takes that away. */
export function withDefaultList<T>(kind: Kind<T>, zero: T): Kind<T> {
  return { zero, nil: kind.zero, read: kind.read };
}

/** What has to be of its kind, although nothing becomes of it. */
export function dropped<T>({ zero, read }: Kind<T>): Kind<T> {
  return {
    zero,
    read: (value, at) => {
      read(value, at);
      return zero;
    },
  };
}

/** What is read and not looked at. */
export const ignored: Kind<null> = { zero: null, read: () => null };

/** A whole number from `min` to below `end`. */
function whole(goType: string, min: bigint, end: bigint): Kind<number> {
  return {
    zero: 0,
    read: (value, at) => {
      if (typeof value !== 'number' && typeof value !== 'bigint') throw mismatch(value, at, goType);
      const isWhole = typeof value === 'bigint' || Number.isInteger(value);
      if (!isWhole || value < min || value >= end) throw mismatch(value, at, goType, `number ${value}`);
      return Number(value);
    },
  };
}

function isDuration(value: JsonValue): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

function nanoseconds(value: string | number | bigint): number {
  if (typeof value !== 'string') return Math.trunc(Number(value));
  try {
    return parseDuration(value) * nsPerMs;
  } catch (error) {
    throw new JsonMisfit((error as Error).message);
  }
}

function mismatch(value: JsonValue, at: Place, goType: string, found = goWord(value)): JsonMisfit {
  return new WrongType(found, goType, at);
}

const nsPerMs = 1e6;

/** Ours: as many as what is written to the log may have. */
const listElementsMax = 65_536;
