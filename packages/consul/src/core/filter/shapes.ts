// What can be compared in a record, and how: the shapes of its fields. A comparison is checked against the
// shape once, and becomes a function that decides about records.
// Source: hashicorp/go-bexpr validate.go, evaluate.go, field_config.go.

import { quote } from '@reeve/cli';
import type { RegexpCompiler } from '@reeve/serf/core';
import { type Comparison, type Operator, operatorName } from './expression.ts';
import { FilterError } from './filter-error.ts';
import { parseGoBool, parseGoInt } from './values.ts';

/** Decides about a value. */
export type Decide<Value> = (value: Value) => boolean;

/** A comparison on its way along its selector. */
export interface Path {
  readonly comparison: Comparison;
  /** How many names of the selector have been followed. */
  readonly depth: number;
  readonly compileRegexp: RegexpCompiler;
}

/** What a value looks like: makes what decides about such values. Throws a `FilterError`. */
export type Shape<Value> = (path: Path) => Decide<Value>;

/** A text. */
export const text: Shape<string> = (path) =>
  compare<string>(path, {
    equal: (wanted) => (value) => value === wanted,
    in: (wanted) => (value) => value.includes(wanted),
    matches: (wanted) => {
      const pattern = compiled(path, wanted);
      return (value) => pattern.matches(value);
    },
  });

/** A whole number. */
export const int: Shape<number> = (path) =>
  compare<number>(path, {
    equal: (wanted) => {
      const number = coerced(path, () => parseGoInt(wanted));
      return (value) => BigInt(value) === number;
    },
  });

/** true or false. */
export const truth: Shape<boolean> = (path) =>
  compare<boolean>(path, {
    equal: (wanted) => {
      const isWanted = coerced(path, () => parseGoBool(wanted));
      return (value) => value === isWanted;
    },
  });

/** A list of texts. */
export const texts: Shape<readonly string[] | null> = (path) =>
  compare<readonly string[] | null>(path, {
    in: (wanted) => (list) => list?.includes(wanted) ?? false,
    empty: () => (list) => list === null || list.length === 0,
  });

/** A list of records: what is asked of it is asked of each, and one is enough. */
export function listOf<Item>(item: Shape<Item>): Shape<readonly Item[] | null> {
  return (path) => {
    if (isAtEnd(path)) {
      return compare(path, { empty: () => (list) => list === null || list.length === 0 });
    }
    const decide = item(path);
    return (list) => list?.some(decide) ?? false;
  };
}

/** Values by name. */
export function mapOf<Item>(item: Shape<Item>): Shape<ReadonlyMap<string, Item> | null> {
  return (path) => {
    const key = path.comparison.selector[path.depth];
    if (key === undefined) {
      return compare(path, {
        in: (wanted) => (map) => map?.has(wanted) ?? false,
        empty: () => (map) => map === null || map.size === 0,
      });
    }
    const decide = item(deeper(path));
    const otherwise = isTrueOfNothing(path.comparison);
    return (map) => {
      const found = map?.get(key);
      return found === undefined ? otherwise : decide(found);
    };
  };
}

/** A record with fields. */
export function structOf<Value>(fields: Readonly<Record<string, Shape<Value>>>): Shape<Value> {
  const byName = new Map(Object.entries(fields));
  return (path) => {
    const name = path.comparison.selector[path.depth];
    if (name === undefined) return compare(path, {});
    const field = byName.get(name);
    if (field === undefined) throw notThere(path);
    return field(deeper(path));
  };
}

/** The shape of a part, as a field of the whole. */
export function part<Whole, Value>(get: (whole: Whole) => Value, shape: Shape<Value>): Shape<Whole> {
  return (path) => {
    const decide = shape(path);
    return (whole) => decide(get(whole));
  };
}

type Comparers<Value> = { readonly [Name in Operator]?: (wanted: string) => Decide<Value> };

/** The end of a selector. */
function compare<Value>(path: Path, comparers: Comparers<Value>): Decide<Value> {
  if (!isAtEnd(path)) throw notThere(path);
  const { comparison } = path;
  const comparer = comparers[comparison.operator];
  if (comparer === undefined) {
    throw new FilterError(
      `Invalid match operator ${quote(operatorName(comparison))} for selector ${selectorOf(path)}`,
    );
  }
  const decide = comparer(comparison.value);
  return comparison.isNegated ? (value) => !decide(value) : decide;
}

/** What is said of a key that a map does not have. That it matches anything is upstream's slip. */
function isTrueOfNothing({ operator, isNegated }: Comparison): boolean {
  if (operator === 'matches') return true;
  return operator === 'empty' ? !isNegated : isNegated;
}

function coerced<Value>(path: Path, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    const { value } = path.comparison;
    throw new FilterError(
      `Failed to coerce value ${quote(value)} for selector ${selectorOf(path)}: ${(error as Error).message}`,
    );
  }
}

function compiled({ compileRegexp }: Path, pattern: string) {
  try {
    return compileRegexp(pattern);
  } catch (error) {
    throw new FilterError(
      `Failed to compile regular expression ${quote(pattern)}: ${(error as Error).message}`,
    );
  }
}

function isAtEnd({ comparison, depth }: Path): boolean {
  return depth >= comparison.selector.length;
}

function deeper(path: Path): Path {
  return { ...path, depth: path.depth + 1 };
}

function notThere({ comparison, depth }: Path): FilterError {
  return new FilterError(`Selector ${quote(comparison.selector.slice(0, depth + 1).join('.'))} is not valid`);
}

function selectorOf({ comparison }: Path): string {
  return quote(comparison.selector.join('.'));
}
