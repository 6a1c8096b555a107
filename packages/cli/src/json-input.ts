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
    while (!this.atEnd && ' \t\r\n'.includes(this.#peek())) this.#at++;
  }

  refuse(context: string): never {
    throw new JsonError(`invalid character ${quoted(this.#peek())} ${context}`, this.#at);
  }

  #value(depth: number): JsonValue {
    this.skipSpace();
    const first = this.#peek();
    if (first === '{') return this.#object(depth + 1);
    if (first === '[') return this.#array(depth + 1);
    if (first === '"') return this.#string();
    if (first === '-' || isDigit(first)) return this.#number();
    if (first === 't') return this.#literal('true', true);
    if (first === 'f') return this.#literal('false', false);
    if (first === 'n') return this.#literal('null', null);
    return this.refuse('looking for beginning of value');
  }

  #object(depth: number): JsonObject {
    if (depth > depthMax) this.refuse('exceeded max depth');
    this.#at++;
    if (this.#takeAfterSpace('}')) return {};
    const entries: (readonly [key: string, value: JsonValue])[] = [];
    do {
      this.skipSpace();
      if (this.#peek() !== '"') this.refuse('looking for beginning of object key string');
      const key = this.#string();
      if (!this.#takeAfterSpace(':')) this.refuse('after object key');
      entries.push([key, this.#value(depth)]);
    } while (this.#takeAfterSpace(','));
    if (!this.#take('}')) this.refuse('after object key:value pair');
    return Object.fromEntries(entries);
  }

  #array(depth: number): readonly JsonValue[] {
    if (depth > depthMax) this.refuse('exceeded max depth');
    this.#at++;
    const items: JsonValue[] = [];
    if (this.#takeAfterSpace(']')) return items;
    do items.push(this.#value(depth));
    while (this.#takeAfterSpace(','));
    if (!this.#take(']')) this.refuse('after array element');
    return items;
  }

  #string(): string {
    const start = this.#at++;
    while (!this.#take('"')) {
      if (this.#peek() < ' ') this.refuse('in string literal');
      if (this.#take('\\')) this.#escape();
      else this.#at++;
    }
    return JSON.parse(this.#text(start));
  }

  #escape(): void {
    const letter = this.#peek();
    if (!'"\\/bfnrtu'.includes(letter)) this.refuse('in string escape code');
    this.#at++;
    if (letter !== 'u') return;
    for (let digit = 0; digit < 4; digit++) {
      if (!/[0-9a-f]/i.test(this.#peek())) this.refuse('in \\u hexadecimal character escape');
      this.#at++;
    }
  }

  #number(): number | bigint {
    const start = this.#at;
    this.#take('-');
    if (!this.#take('0')) this.#digits('in numeric literal');
    if (this.#more() && this.#take('.')) this.#digits('after decimal point in numeric literal');
    if (this.#more() && (this.#take('e') || this.#take('E'))) {
      if (!this.#take('+')) this.#take('-');
      this.#digits('in exponent of numeric literal');
    }
    const text = this.#text(start);
    const number = Number(text);
    const isLarge = !Number.isSafeInteger(number) && /^-?\d+$/.test(text);
    if (isLarge && this.#numbers === 'exact') return BigInt(text);
    if (Number.isFinite(number)) return number;
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
      if (!this.#take(letter)) this.refuse(`in literal ${word} (expecting '${letter}')`);
    return value;
  }

  #takeAfterSpace(character: string): boolean {
    this.skipSpace();
    return this.#take(character);
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }

  #more(): boolean {
    return !this.atEnd;
  }

  #text(start: number): string {
    return decoder.decode(this.#bytes.subarray(start, this.#at));
  }

  // One byte as a character; what is not ASCII only ever stands inside strings and in complaints.
  #peek(): string {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new JsonError(this.#truncated, this.#at);
    return String.fromCharCode(byte);
  }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

// As Go quotes a byte, which it takes for a character of Latin-1.
function quoted(character: string): string {
  if (character === "'") return "'\\''";
  return character === '"' ? `'"'` : `'${quote(character).slice(1, -1)}'`;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

// Upstream allows 10,000; no file of ours needs more than 2.
const depthMax = 100;
