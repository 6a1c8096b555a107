// The part of a request's address after `?`, read as Go's url.ParseQuery reads it.

import { decodeText, encodeText } from '@reeve/bytes';

/** Parameters by name; a name may occur more than once, and without a value. */
export class Query {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  /** Whether the name occurs, with or without a value. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The first value, or empty. */
  get(name: string): string {
    return this.#values.get(name)?.[0] ?? '';
  }

  /** All values in order. */
  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** Sorted by name and escaped, as Go's Values.Encode writes it; some refusals quote it. */
  encode(): string {
    const names = [...this.#values.keys()].sort();
    return names
      .flatMap((name) => this.all(name).map((value) => `${escapeParameter(name)}=${escapeParameter(value)}`))
      .join('&');
  }
}

/** Parses what follows `?`; undefined if an escape in it is broken, or there are too many parameters. */
export function parseQuery(text: string): Query | undefined {
  if (text === '') return noParameters;
  const parts = text.split(/[&;]/, parametersMax + 1);
  if (parts.length > parametersMax) return undefined;
  const values = new Map<string, string[]>();
  for (const part of parts) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = unescaped(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? '' : unescaped(part.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return new Query(values);
}

/** A truth as Go's strconv.ParseBool reads it; undefined if it is none. */
export function parseBool(text: string): boolean | undefined {
  if (trueWords.has(text)) return true;
  return falseWords.has(text) ? false : undefined;
}

function unescaped(text: string): string | undefined {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return undefined;
  return resolveEscapes(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

/**
 * Text with its escapes resolved. Its other characters are bytes, as Node hands over what a request begins
 * with; what is no UTF-8 comes through unharmed (see `decodeText`).
 */
export function resolveEscapes(text: string): string {
  if (plainText.test(text)) return text;
  const bytes = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const byte =
      code === percent ? 16 * hexDigit(text.charCodeAt(at + 1)) + hexDigit(text.charCodeAt(at + 2)) : -1;
    bytes[length++] = byte >= 0 ? byte : code;
    if (byte >= 0) at += 2;
  }
  return decodeText(bytes.subarray(0, length));
}

/** NaN for what is none. */
function hexDigit(code: number): number {
  const lower = code | 0x20;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : Number.NaN;
}

/** A path as it goes into an address, escaped as by Go's URL.EscapedPath. */
export function escapePath(path: string): string {
  return escapeBytes(path, /[^\w.~$&+,/:;=@-]/g);
}

/** As Go's QueryEscape: a space is `+`, and only letters, digits and `-_.~` stay as they are. */
function escapeParameter(text: string): string {
  return escapeBytes(text, /[^\w.~ -]/g).replaceAll(' ', '+');
}

function escapeBytes(text: string, odd: RegExp): string {
  const bytes = Buffer.from(encodeText(text)).toString('latin1');
  return bytes.replace(odd, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

const plainText = /^[!-$&-~]*$/;
const trueWords = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const falseWords = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);
const percent = 0x25;
/** As later versions of Go. */
const parametersMax = 10_000;
const noParameters = new Query(new Map());
