// How settings are read from what a file says, and how two sources' words for one setting become one.
//
// Types are strict, as by the original's decoder (mapstructure without weak typing): a number is not a text.
// Two things are lenient: names in any case, and a list of one item where no list is wanted, since HCL makes
// one of every block. Complaints are the original's; unknown keys are gathered with their whole path.
// Of two sources the later wins for single values, lists are appended, maps overlaid, objects merged.
// Source: mitchellh/mapstructure; lib/decode/decode.go; agent/config/merge.go. Next: settings.ts.

import { goKind, goType, isList, isObject, type JsonObject, type JsonValue } from '@reeve/cli';

/** One kind of setting. */
export interface Kind<T> {
  /** The original keeps a pointer to settings of this kind, and so takes a list of a list of one, too. */
  readonly isPointer?: true;
  /** undefined if it cannot be read, which has then been noted. */
  read(value: JsonValue, at: string, notes: DecodingNotes): T | undefined;
  /** What two sources say together. */
  merge(earlier: T, later: T): T;
}

/** The type of the settings of a kind. */
export type ValueOf<K> = K extends Kind<infer T> ? T : never;

/** What came up while one source was read. */
export interface DecodingNotes {
  /** How whole numbers are called: JSON only has floats. */
  readonly wholeNumber: 'int' | 'float64';
  readonly mismatches: string[];
  readonly unknownKeys: string[];
  /** The paths of all objects' keys that were understood. */
  readonly knownKeys: string[];
}

/** A setting: its key in files, its kind, and other spellings that are taken, in lower case. */
export type Field = readonly [key: string, kind: Kind<unknown>, ...aliases: string[]];

/** The settings of an object, all of which may be missing. */
export type Settings<F> = {
  readonly [Name in keyof F]?: F[Name] extends readonly [string, infer K, ...string[]] ? ValueOf<K> : never;
};

/** Text. */
export const text: Kind<string> = scalar('string', (value) =>
  typeof value === 'string' ? value : undefined,
);
/** true or false. */
export const truth: Kind<boolean> = scalar('bool', (value) =>
  typeof value === 'boolean' ? value : undefined,
);
/** A whole number; what stands behind the point is cut off. */
export const int: Kind<number> = scalar('int', (value) =>
  typeof value === 'number' ? Math.trunc(value) : undefined,
);
/** Any number. */
export const float: Kind<number> = scalar('float64', (value) =>
  typeof value === 'number' ? value : undefined,
);

/** A whole number from 0 on. `goName` is its type in complaints. */
export function unsigned(goName: 'uint' | 'uint32' | 'uint64'): Kind<number> {
  const read: Kind<number>['read'] = (given, at, notes) => {
    const value = unwrap(given);
    if (typeof value === 'number' && value < 0) {
      notes.mismatches.push(`cannot parse '${at}', ${overflowing(value, notes)} overflows uint`);
      return undefined;
    }
    return readScalar(
      goName,
      (plain) => (typeof plain === 'number' ? Math.trunc(plain) : undefined),
      value,
      at,
      notes,
    );
  };
  return { isPointer: true, read, merge: lastWins };
}

/** A list; sources' lists are joined. */
export function list<T>(item: Kind<T>): Kind<readonly T[]> {
  const read: Kind<readonly T[]>['read'] = (value, at, notes) => {
    if (!isList(value)) {
      notes.mismatches.push(`'${at}': source data must be an array or slice, got ${kindOf(value, notes)}`);
      return undefined;
    }
    return value.flatMap((element, index) => {
      const read = element === null ? undefined : item.read(element, `${at}[${index}]`, notes);
      return read === undefined ? [] : [read];
    });
  };
  return { read, merge: (earlier, later) => [...earlier, ...later] };
}

/** A map with text keys. */
export function map<T>(item: Kind<T>): Kind<ReadonlyMap<string, T>> {
  const read: Kind<ReadonlyMap<string, T>>['read'] = (given, at, notes) => {
    const value = unwrap(given);
    if (!isObject(value)) return noMap(value, at, notes);
    const entries = Object.entries(value).flatMap(([key, element]): [string, T][] => {
      const read = element === null ? undefined : item.read(element, `${at}[${key}]`, notes);
      return read === undefined ? [] : [[key, read]];
    });
    return new Map(entries);
  };
  return { read, merge: (earlier, later) => new Map([...earlier, ...later]) };
}

/**
 * An object whose keys only other programs know, or that we hand on. Of its values those that are lists of
 * one are taken for their items, with all that is inside these.
 */
export const anything: Kind<JsonObject> = {
  read: (given, at, notes) => {
    const value = unwrap(given);
    if (!isObject(value)) return noMap(value, at, notes);
    const entries = Object.entries(value).map(([key, item]): [string, JsonValue] => {
      const inside = unwrap(item);
      return [key, inside === item ? item : unwrapInside(inside)];
    });
    return Object.fromEntries(entries);
  },
  merge: (earlier, later) => ({ ...earlier, ...later }),
};

/** An object of settings; two sources' objects are merged setting by setting. */
export function object<const F extends Readonly<Record<string, Field>>>(fields: F): Kind<Settings<F>> {
  const declared: readonly NamedField[] = Object.entries(fields).map(([name, field]) => ({ name, field }));
  const byAlias = new Map(
    declared.flatMap(({ field: [key, , ...aliases] }) => aliases.map((alias) => [alias, key])),
  );
  const read: Kind<Settings<F>>['read'] = (given, at, notes) => {
    const value = unwrap(given);
    if (!isObject(value)) return noMap(value, at, notes);
    return readFields(declared, canonical(value, byAlias), at, notes) as Settings<F>;
  };
  const merge = (earlier: Settings<F>, later: Settings<F>): Settings<F> => {
    const merged: Record<string, unknown> = { ...earlier, ...later };
    for (const { name, field } of declared) {
      const [a, b] = [earlier[name as keyof F], later[name as keyof F]];
      if (a !== undefined && b !== undefined) merged[name] = field[1].merge(a as never, b as never);
    }
    return merged as Settings<F>;
  };
  return { read, merge };
}

/** The same object, but a later source's takes the place of an earlier one's. */
export function whole<T>(kind: Kind<T>): Kind<T> {
  return { isPointer: true, read: (value, at, notes) => kind.read(value, at, notes), merge: lastWins };
}

/** An object that may contain itself. */
export function lazy<T>(kind: () => Kind<T>): Kind<T> {
  return { isPointer: true, read: (value, at, notes) => kind().read(value, at, notes), merge: lastWins };
}

interface NamedField {
  readonly name: string;
  readonly field: Field;
}

function readFields(
  fields: readonly NamedField[],
  value: JsonObject,
  at: string,
  notes: DecodingNotes,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const unused = new Set(Object.keys(value));
  const inLowerCase = new Map(Object.keys(value).map((key) => [key.toLowerCase(), key]));
  for (const { name, field } of fields) {
    const [key, kind] = field;
    const written = Object.hasOwn(value, key) ? key : inLowerCase.get(key.toLowerCase());
    if (written === undefined) continue;
    unused.delete(written);
    const path = at === '' ? key : `${at}.${key}`;
    const found = value[written] ?? null;
    if (found !== null) notes.knownKeys.push(path);
    const read = found === null ? undefined : kind.read(kind.isPointer ? unwrap(found) : found, path, notes);
    if (read !== undefined) result[name] = read;
  }
  for (const key of unused) notes.unknownKeys.push(at === '' ? key : `${at}.${key}`);
  return result;
}

/** Aliases replaced by the keys they stand for; where both are given the key wins. */
function canonical(
  value: JsonObject,
  byAlias: ReadonlyMap<string | undefined, string | undefined>,
): JsonObject {
  if (byAlias.size === 0) return value;
  const entries = Object.entries(value).map(([key, item]): [string, JsonValue] => {
    const canonicalKey = byAlias.get(key.toLowerCase());
    if (canonicalKey === undefined) return [key, item];
    return [canonicalKey, value[canonicalKey] ?? item];
  });
  return Object.fromEntries(entries);
}

function scalar<T>(goName: string, convert: (value: JsonValue) => T | undefined): Kind<T> {
  const read: Kind<T>['read'] = (value, at, notes) => readScalar(goName, convert, unwrap(value), at, notes);
  return { isPointer: true, read, merge: lastWins };
}

function readScalar<T>(
  goName: string,
  convert: (value: JsonValue) => T | undefined,
  value: JsonValue,
  at: string,
  notes: DecodingNotes,
): T | undefined {
  const converted = convert(value);
  if (converted === undefined) {
    const found = typeOf(value, notes);
    notes.mismatches.push(`'${at}' expected type '${goName}', got unconvertible type '${found}'`);
  }
  return converted;
}

/** A list of one is taken for its item. */
function unwrap(value: JsonValue): JsonValue {
  return isList(value) && value.length === 1 ? (value[0] ?? null) : value;
}

function unwrapInside(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(unwrapInside);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrapInside(unwrap(item))]));
}

function noMap(value: JsonValue, at: string, notes: DecodingNotes): undefined {
  notes.mismatches.push(`'${at}' expected a map, got '${kindOf(value, notes)}'`);
}

function kindOf(value: JsonValue, notes: DecodingNotes): string {
  return Number.isInteger(value) ? notes.wholeNumber : goKind(value);
}

function typeOf(value: JsonValue, notes: DecodingNotes): string {
  return Number.isInteger(value) ? notes.wholeNumber : goType(value);
}

function overflowing(value: number, { wholeNumber }: DecodingNotes): string {
  return wholeNumber === 'int' ? `${Math.trunc(value)}` : value.toFixed(6);
}

function lastWins<T>(_earlier: T, later: T): T {
  return later;
}
