// A strict JSON reader whose complaints are word for word those of Go's encoding/json, which operators and
// their scripts know from the original (`invalid character ',' looking for beginning of value`).
//
// A scanner walks the bytes by the grammar of RFC 8259 and makes values of what it has accepted; JSON.parse
// would lose the digits of large numbers. Invariant: nesting is bounded by `depthMax`, so no file can exhaust
// the stack. Source of the texts: encoding/json scanner.go, measured on the real program. Next:
// json-values.ts.

import { quote } from './go-text.ts';

/** What JSON can say; bigints are in it only if `exact` numbers were asked for. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;

/**
 * What becomes of numbers: a float each, as where Go does not know what it decodes, or whole ones beyond 2^53
 * as bigints, for where it does.
 */
export type JsonNumbers = 'float64' | 'exact';

/** A JSON object; keys are own properties, `__proto__` included. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** Text that is not JSON. The message is Go's. */
export class JsonError extends Error {
  /** Where in the text, in bytes. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'JsonError';
    this.offset = offset;
  }
}

/**
 * The first value of a text; whatever follows it is ignored, as by Go's `json.Decoder`.
 * @throws JsonError
 */
export function parseFirstJson(bytes: Uint8Array, numbers: JsonNumbers = 'float64'): JsonValue {
  const scanner = new Scanner(bytes, 'unexpected EOF', numbers);
  scanner.skipSpace();
  if (scanner.atEnd) throw new JsonError('EOF', bytes.length);
  return scanner.read();
}

/**
 * The only value of a text, as by Go's `json.Unmarshal`.
 * @throws JsonError
 */
export function parseWholeJson(bytes: Uint8Array, numbers: JsonNumbers = 'float64'): JsonValue {
  const scanner = new Scanner(bytes, 'unexpected end of JSON input', numbers);
  const value = scanner.read();
  scanner.skipSpace();
  if (!scanner.atEnd) scanner.refuse('after top-level value');
  return value;
}

class Scanner {
  readonly #bytes: Uint8Array;
  readonly #truncated: string;
  readonly #numbers: JsonNumbers;
  #at = 0;
  #hugeNumber: JsonError | undefined;

  constructor(bytes: Uint8Array, truncated: string, numbers: JsonNumbers) {
    this.#bytes = bytes;
    this.#truncated = truncated;
    this.#numbers = numbers;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  read(): JsonValue {
    const value = this.#value(0);
    // Go finds this one only after the syntax, when it converts.
    if (this.#hugeNumber !== undefined) throw this.#hugeNumber;
    return value;
  }

  skipSpace(): void {
    while (!this.atEnd && isSpace(this.#peek())) this.#at++;
  }

  refuse(context: string): never {
    throw new JsonError(`invalid character ${quoted(this.#peek())} ${context}`, this.#at);
  }

  #value(depth: number): JsonValue {
    this.skipSpace();
    const first = this.#peek();
    if (first === braceOpen) return this.#object(depth + 1);
    if (first === bracketOpen) return this.#array(depth + 1);
    if (first === quoteMark) return this.#string();
    if (first === minus || isDigit(first)) return this.#number();
    if (first === letterT) return this.#literal('true', true);
    if (first === letterF) return this.#literal('false', false);
    if (first === letterN) return this.#literal('null', null);
    return this.refuse('looking for beginning of value');
  }

  #object(depth: number): JsonObject {
    if (depth > depthMax) this.refuse('exceeded max depth');
    this.#at++;
    if (this.#takeAfterSpace(braceClose)) return {};
    const object: Record<string, JsonValue> = {};
    do {
      this.skipSpace();
      if (this.#peek() !== quoteMark) this.refuse('looking for beginning of object key string');
      const key = this.#string();
      if (!this.#takeAfterSpace(colon)) this.refuse('after object key');
      const value = this.#value(depth);
      if (key === '__proto__') Object.defineProperty(object, key, { ...ownProperty, value });
      else object[key] = value;
    } while (this.#takeAfterSpace(comma));
    if (!this.#take(braceClose)) this.refuse('after object key:value pair');
    return object;
  }

  #array(depth: number): readonly JsonValue[] {
    if (depth > depthMax) this.refuse('exceeded max depth');
    this.#at++;
    const items: JsonValue[] = [];
    if (this.#takeAfterSpace(bracketClose)) return items;
    do items.push(this.#value(depth));
    while (this.#takeAfterSpace(comma));
    if (!this.#take(bracketClose)) this.refuse('after array element');
    return items;
  }

  #string(): string {
    const start = ++this.#at;
    let isPlain = true;
    while (!this.#take(quoteMark)) {
      if (this.#peek() < space) this.refuse('in string literal');
      if (this.#take(backslash)) {
        isPlain = false;
        this.#escape();
      } else this.#at++;
    }
    return isPlain ? this.#text(start, this.#at - 1) : JSON.parse(this.#text(start - 1, this.#at));
  }

  #escape(): void {
    const letter = this.#peek();
    if (!escapes.has(letter)) this.refuse('in string escape code');
    this.#at++;
    if (letter !== letterU) return;
    for (let digit = 0; digit < 4; digit++) {
      if (!isHexDigit(this.#peek())) this.refuse('in \\u hexadecimal character escape');
      this.#at++;
    }
  }

  #number(): number | bigint {
    const start = this.#at;
    this.#take(minus);
    if (!this.#take(digit0)) this.#digits('in numeric literal');
    if (this.#more() && this.#take(point)) this.#digits('after decimal point in numeric literal');
    if (this.#more() && (this.#take(letterE) || this.#take(letterE - lowerCase))) {
      if (!this.#take(plus)) this.#take(minus);
      this.#digits('in exponent of numeric literal');
    }
    const text = this.#text(start, this.#at);
    const number = Number(text);
    if (Number.isFinite(number)) {
      const isLarge = !Number.isSafeInteger(number) && /^-?\d+$/.test(text);
      return isLarge && this.#numbers === 'exact' ? BigInt(text) : number;
    }
    const reason = `json: cannot unmarshal number ${text} into Go value of type float64`;
    this.#hugeNumber ??= new JsonError(reason, start);
    return 0;
  }

  #digits(context: string): void {
    if (!isDigit(this.#peek())) this.refuse(context);
    while (this.#more() && isDigit(this.#peek())) this.#at++;
  }

  #literal<Value>(word: string, value: Value): Value {
    for (const letter of word)
      if (!this.#take(letter.charCodeAt(0))) this.refuse(`in literal ${word} (expecting '${letter}')`);
    return value;
  }

  #takeAfterSpace(byte: number): boolean {
    this.skipSpace();
    return this.#take(byte);
  }

  #take(byte: number): boolean {
    if (this.#peek() !== byte) return false;
    this.#at++;
    return true;
  }

  #more(): boolean {
    return !this.atEnd;
  }

  /** What is no UTF-8 becomes U+FFFD, as in Go. Short texts are mostly ASCII, and many. */
  #text(start: number, end: number): string {
    let text = '';
    if (end - start <= shortBytesMax) {
      let at = start;
      for (; at < end; at++) {
        const byte = this.#bytes[at] as number;
        if (byte >= 0x80) break;
        text += String.fromCharCode(byte);
      }
      if (at === end) return text;
    }
    return decoder.decode(this.#bytes.subarray(start, end));
  }

  // What is not ASCII only ever stands inside strings and in complaints.
  #peek(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new JsonError(this.#truncated, this.#at);
    return byte;
  }
}

function isSpace(byte: number): boolean {
  return byte === space || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number): boolean {
  return byte >= digit0 && byte <= 0x39;
}

function isHexDigit(byte: number): boolean {
  const lower = byte | lowerCase;
  return isDigit(byte) || (lower >= 0x61 && lower <= letterF);
}

// As Go quotes a byte, which it takes for a character of Latin-1.
function quoted(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === "'") return "'\\''";
  return character === '"' ? `'"'` : `'${quote(character).slice(1, -1)}'`;
}

const space = 0x20;
const quoteMark = 0x22;
const plus = 0x2b;
const comma = 0x2c;
const minus = 0x2d;
const point = 0x2e;
const digit0 = 0x30;
const colon = 0x3a;
const bracketOpen = 0x5b;
const backslash = 0x5c;
const bracketClose = 0x5d;
const letterE = 0x65;
const letterF = 0x66;
const letterN = 0x6e;
const letterT = 0x74;
const letterU = 0x75;
const braceOpen = 0x7b;
const braceClose = 0x7d;
/** The bit in which small letters differ from capitals. */
const lowerCase = 0x20;
const escapes = new Set([...'"\\/bfnrtu'].map((letter) => letter.charCodeAt(0)));

const ownProperty = { configurable: true, enumerable: true, writable: true };
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Up to here a loop is faster than the decoder. */
const shortBytesMax = 12;

// Upstream allows 10,000; no file of ours needs more than 2.
const depthMax = 100;
