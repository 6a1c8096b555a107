// Command-line flags as Go's flag package reads them: `-f v`, `-f=v`, `--f v`, `--f=v`.
// A flag that is a bool takes no word after it, only `=`. Reading stops at the first word that is no flag, or
// behind `--`. Error texts are Go's, to the letter. The table that is parsed is also what the help text is
// made from (help.ts).

import { parseDuration } from './duration.ts';
import { quote } from './go-text.ts';

/** Any text. `env` names a variable that replaces the default when it is set and not empty. */
export interface StringFlag extends FlagHelp {
  readonly kind: 'string';
  readonly default?: string;
  readonly env?: string;
}

/** True or false; given without a value it is true. */
export interface BoolFlag extends FlagHelp, OwnReader {
  readonly kind: 'bool';
  readonly default?: boolean;
}

/** A whole number, in any base Go knows: `10`, `0x1f`, `0b11`, `1_000`. */
export interface IntFlag extends FlagHelp, OwnReader {
  readonly kind: 'int';
  readonly default?: number;
}

/** A whole number that is not negative, of up to 64 bits. */
export interface UintFlag extends FlagHelp, OwnReader {
  readonly kind: 'uint';
}

/** A duration; its value is in milliseconds, its default is written as a user would: `15s`. */
export interface DurationFlag extends FlagHelp, OwnReader {
  readonly kind: 'duration';
  readonly default?: string;
}

/** Text that may be given again and again; its value is all of them in order. */
export interface RepeatableFlag extends FlagHelp {
  readonly kind: 'repeatable';
  /**
   * Another repeatable flag that takes the texts of this one too, for two flags whose common order matters.
   */
  readonly into?: string;
}

/** `key=value`, which may be given again and again; the last value of a key counts. */
export interface PairsFlag extends FlagHelp {
  readonly kind: 'pairs';
}

/** Flags that the original reads by a type of its own, as `consul agent` does. */
export interface OwnReader {
  /** Numbers that may be negative are decimal, and complaints say which of Go's functions made them. */
  readonly isOwn?: true;
}

/** What the help text says about a flag. */
export interface FlagHelp {
  /** One or more sentences. */
  readonly help: string;
  /** What stands for the value in the help text, `NAME` for `-node=NAME`. */
  readonly placeholder?: string;
}

/** One flag of a command. */
export type Flag = StringFlag | BoolFlag | IntFlag | UintFlag | DurationFlag | RepeatableFlag | PairsFlag;

/** The flags of a command by name, without the dash, in the order the help text lists them. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** The type of a flag's value. */
export type FlagValue<F extends Flag> = F extends StringFlag
  ? string
  : F extends BoolFlag
    ? boolean
    : F extends RepeatableFlag
      ? readonly string[]
      : F extends PairsFlag
        ? ReadonlyMap<string, string>
        : F extends UintFlag
          ? bigint
          : number;

/** The values of all flags in a table. */
export type FlagValues<T extends FlagTable> = { readonly [Name in keyof T]: FlagValue<T[Name]> };

/** A command line that was understood. */
export interface ParsedFlags<T extends FlagTable> {
  /** Every flag's value: as given, or its default. */
  readonly values: FlagValues<T>;
  /** The names of the flags that were given, to tell `-x=default` from nothing. */
  readonly given: ReadonlySet<string>;
  /** The words behind the flags. */
  readonly args: readonly string[];
}

/** A command line that was not understood; the message is what the user sees, and empty for `-help=x`. */
export class FlagError extends Error {
  override name = 'FlagError';
}

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Reads a command line. @throws FlagError with Go's text. */
export function parseFlags<const T extends FlagTable>(
  table: T,
  argv: readonly string[],
  env: Env = {},
): ParsedFlags<T> {
  const values = new Map<string, Value>();
  for (const [name, flag] of Object.entries(table)) values.set(name, defaultOf(flag, env));
  const given = new Set<string>();
  let at = 0;
  for (; at < argv.length; at++) {
    const word = readWord(argv[at] ?? '');
    if (word === 'end') break;
    if (word === 'terminator') {
      at++;
      break;
    }
    const { name } = word;
    const flag = Object.hasOwn(table, name) ? table[name] : undefined;
    if (flag === undefined)
      throw new FlagError(helpNames.has(name) ? '' : `flag provided but not defined: -${name}`);
    const text = word.value ?? (flag.kind === 'bool' ? 'true' : argv[++at]);
    if (text === undefined) throw new FlagError(`flag needs an argument: -${name}`);
    const target = (flag.kind === 'repeatable' && flag.into) || name;
    values.set(target, readValue(name, flag, text, values.get(target)));
    given.add(name);
  }
  // Every name of the table is in the map, with a value of its kind: set above from the same table.
  return { values: Object.fromEntries(values) as FlagValues<T>, given, args: argv.slice(at) };
}

type Value = string | boolean | number | bigint | readonly string[] | ReadonlyMap<string, string>;

function readWord(word: string): 'end' | 'terminator' | { name: string; value: string | undefined } {
  if (word === '--') return 'terminator';
  const [dashes = ''] = /^--?(?=.)/s.exec(word) ?? [];
  if (dashes === '') return 'end';
  const body = word.slice(dashes.length);
  if (body.startsWith('-') || body.startsWith('=')) throw new FlagError(`bad flag syntax: ${word}`);
  const equals = body.indexOf('=');
  if (equals < 0) return { name: body, value: undefined };
  return { name: body.slice(0, equals), value: body.slice(equals + 1) };
}

function readValue(name: string, flag: Flag, text: string, before: Value | undefined): Value {
  const refuse = (reason: string): FlagError => {
    const what = flag.kind === 'bool' ? 'invalid boolean value' : 'invalid value';
    return new FlagError(
      `${what} ${quote(text)} for ${flag.kind === 'bool' ? '' : 'flag '}-${name}: ${reason}`,
    );
  };
  switch (flag.kind) {
    case 'string':
      return text;
    case 'repeatable':
      return [...(Array.isArray(before) ? before : []), text];
    case 'bool':
      if (!trueWords.has(text) && !falseWords.has(text)) {
        throw refuse(
          flag.isOwn ? `strconv.ParseBool: parsing ${quote(text)}: invalid syntax` : 'parse error',
        );
      }
      return trueWords.has(text);
    case 'int': {
      const value = flag.isOwn && !/^[-+]?\d+$/.test(text) ? undefined : parseInteger(text, flag.isOwn);
      const reader = flag.isOwn ? `strconv.Atoi: parsing ${quote(text)}: ` : '';
      if (value === undefined) throw refuse(flag.isOwn ? `${reader}invalid syntax` : 'parse error');
      if (value < -int64Size || value >= int64Size) throw refuse(`${reader}value out of range`);
      return Number(value);
    }
    case 'uint': {
      const value = /^[-+]/.test(text) ? undefined : parseInteger(text);
      const reader = flag.isOwn ? `strconv.ParseUint: parsing ${quote(text)}: ` : '';
      if (value === undefined) throw refuse(flag.isOwn ? `${reader}invalid syntax` : 'parse error');
      if (value >= 2n * int64Size) throw refuse(`${reader}value out of range`);
      return value;
    }
    case 'pairs': {
      const equals = text.indexOf('=');
      if (equals < 0) throw refuse(`Missing "=" value in argument: ${text}`);
      const pairs = before instanceof Map ? before : [];
      return new Map([...pairs, [text.slice(0, equals), text.slice(equals + 1)]]);
    }
    case 'duration':
      try {
        return parseDuration(text);
      } catch (error) {
        // Go's flag package hides the better text of time.ParseDuration.
        throw refuse(flag.isOwn ? (error as Error).message : 'parse error');
      }
  }
}

/** Go's strconv.ParseInt with base 0: the prefix tells the base, `_` may stand between digits. */
function parseInteger(text: string, isDecimal = false): bigint | undefined {
  if (isDecimal) return BigInt(text.replace(/^\+/, ''));
  if (!goInteger.test(text)) return undefined;
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
  const magnitude = BigInt(/^0[0-7]/.test(digits) ? `0o${digits}` : digits);
  return text.startsWith('-') ? -magnitude : magnitude;
}

function defaultOf(flag: Flag, env: Env): Value {
  switch (flag.kind) {
    case 'string':
      return (flag.env !== undefined && env[flag.env]) || (flag.default ?? '');
    case 'bool':
      return flag.default ?? false;
    case 'int':
      return flag.default ?? 0;
    case 'duration':
      return parseDuration(flag.default ?? '0s');
    case 'uint':
      return 0n;
    case 'repeatable':
      return [];
    case 'pairs':
      return new Map();
  }
}

/** To Go these ask for the help and for nothing else, also with a value. */
const helpNames = new Set(['h', 'help']);
const trueWords = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const falseWords = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);
const goInteger =
  /^[-+]?(?:0|[1-9](?:_?[0-9])*|0(?:_?[0-7])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0[xX](?:_?[0-9a-fA-F])+)$/;
const int64Size = 2n ** 63n;
