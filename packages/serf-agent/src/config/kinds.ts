// The kinds of settings: how each is read from a file and from a flag, and how a later source changes what an
// earlier one said.
//
// The texts of refusals are those of the decoder the original uses (mapstructure 1.x), which names the key,
// the Go type it wanted and the Go type it got. Upstream: cmd/serf/command/agent/config.go (MergeConfig).
// Next: schema.ts, which gives every setting its kind.

import {
  type Flag,
  type FlagValue,
  goKind,
  goText,
  goType,
  isList,
  isObject,
  type JsonValue,
  parseDuration,
} from '@reeve/cli';

/** How settings of one sort are read and merged. */
export interface Kind<T> {
  /** How one is written in a file, for people. */
  readonly example: string;
  /** How the flag is read, if there is one; what comes of it goes to `fromFlag`. */
  readonly flag: Flag['kind'];
  /**
   * The setting from a file; `field` names it in refusals.
   * @throws FieldsError when the type is wrong; another Error when the text cannot be read.
   */
  decode(value: JsonValue, field: string): T;
  /** The setting from its flag. @throws Error when the text cannot be read. */
  fromFlag(given: FlagValue<Flag>): T;
  /** What holds when an earlier source said `below` and a later one `above`. */
  merge(below: T, above: T): T;
}

/** Values of the wrong type, one message each. */
export class FieldsError extends Error {
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'FieldsError';
    this.problems = problems;
  }
}

/** Any text. The empty text says nothing. */
export const text: Kind<string> = {
  example: '"text"',
  flag: 'string',
  decode: decodeText,
  fromFlag: (given: string) => given,
  merge: (below, above) => above || below,
};

/** A whole number. 0 says nothing; fractions are cut off. */
export const integer: Kind<number> = {
  example: '10',
  flag: 'int',
  decode: decodeInteger,
  fromFlag: (given: number) => given,
  merge: (below, above) => above || below,
};

/** A whole number above 0. Anything else says nothing. */
export const positive: Kind<number> = {
  ...integer,
  merge: (below, above) => (above > 0 ? above : below),
};

/** A length of time in milliseconds, written like `1m30s`. 0 and the empty text say nothing. */
export const duration: Kind<number> = {
  example: '"1m30s"',
  flag: 'string', // not 'duration': the original tells what is wrong with it later, and in other words
  decode: (value, field) => parseOptionalDuration(decodeText(value, field)),
  fromFlag: parseOptionalDuration,
  merge: (below, above) => above || below,
};

/** Off, until any source turns it on; none can turn it off again. */
export const switchedOn: Kind<boolean> = {
  example: 'true',
  flag: 'bool',
  decode: decodeBoolean,
  fromFlag: (given: boolean) => given,
  merge: (below, above) => below || above,
};

/** On or off, whatever was said last. Its flag means the opposite of its key. */
export const switchedByLast: Kind<boolean> = {
  example: 'true',
  flag: 'bool',
  decode: decodeBoolean,
  fromFlag: (given: boolean) => !given,
  merge: (_below, above) => above,
};

/** A list that every source adds to. */
export const list: Kind<readonly string[]> = {
  example: '["one", "two"]',
  flag: 'repeatable',
  decode: (value, field) => decodeItems(value, field, decodeText),
  fromFlag: (given: readonly string[]) => given,
  merge: (below, above) => [...below, ...above],
};

/** Texts by name. Every source may add names and replace the text of others. */
export const pairs: Kind<ReadonlyMap<string, string>> = {
  example: '{"role": "web"}',
  flag: 'repeatable',
  decode: decodePairs,
  fromFlag: (given: readonly string[]) => new Map(given.map(parsePair)),
  merge: (below, above) => new Map([...below, ...above]),
};

// In lists and pairs `null` counts as the empty text.
function decodeText(value: JsonValue, field: string): string {
  if (value === null) return '';
  if (typeof value !== 'string') throw unconvertible(field, 'string', value);
  return value;
}

function decodeInteger(value: JsonValue, field: string): number {
  if (typeof value !== 'number') throw unconvertible(field, 'int', value);
  return Math.trunc(value);
}

function decodeBoolean(value: JsonValue, field: string): boolean {
  if (typeof value !== 'boolean') throw unconvertible(field, 'bool', value);
  return value;
}

/** Every item of a list. @throws FieldsError that names every wrong item. */
export function decodeItems<T>(
  value: JsonValue,
  field: string,
  decode: (item: JsonValue, field: string) => T,
): T[] {
  if (!isList(value))
    throw new FieldsError(`'${field}': source data must be an array or slice, got ${goKind(value)}`);
  return collect([...value.entries()], (index, item) => decode(item, `${field}[${index}]`));
}

function decodePairs(value: JsonValue, field: string): Map<string, string> {
  if (!isObject(value)) throw new FieldsError(`'${field}' expected a map, got '${goKind(value)}'`);
  return new Map(
    collect(Object.entries(value), (name, item) => [name, decodeText(item, `${field}[${name}]`)] as const),
  );
}

// Decodes every item even when one is wrong, so that all that is wrong is told at once.
function collect<Key, T>(
  items: readonly (readonly [Key, JsonValue])[],
  decode: (key: Key, item: JsonValue) => T,
): T[] {
  const decoded: T[] = [];
  const problems: string[] = [];
  for (const [key, item] of items) {
    try {
      decoded.push(decode(key, item));
    } catch (error) {
      if (!(error instanceof FieldsError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new FieldsError(...problems);
  return decoded;
}

function unconvertible(field: string, expected: string, value: JsonValue): FieldsError {
  const got = `got unconvertible type '${goType(value)}', value: '${goText(value)}'`;
  return new FieldsError(`'${field}' expected type '${expected}', ${got}`);
}

function parsePair(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new Error(`Invalid tag: '${pair}'`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function parseOptionalDuration(value: string): number {
  return value === '' ? 0 : parseDuration(value);
}
