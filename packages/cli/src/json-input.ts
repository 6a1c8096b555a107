// A strict JSON reader whose complaints are word for word those of Go's encoding/json, which operators and
// their scripts know from the original (`invalid character ',' looking for beginning of value`).
//
// A scanner walks the bytes by the grammar of RFC 8259 and finds where the value ends; only text it has
// accepted is handed to JSON.parse. Invariant: nesting is bounded by `depthMax`, so no file can exhaust the
// stack. Source of the texts: encoding/json scanner.go, measured on the real program. Next:
// json-values.ts.

import { quote } from './go-text.ts';

/** What JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

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
export function parseFirstJson(bytes: Uint8Array): JsonValue {
  const scanner = new Scanner(bytes, 'unexpected EOF');
  scanner.skipSpace();
  if (scanner.atEnd) throw new JsonError('EOF', bytes.length);
  return scanner.read();
}

/**
 * The only value of a text, as by Go's `json.Unmarshal`.
 * @throws JsonError
 */
export function parseWholeJson(bytes: Uint8Array): JsonValue {
  const scanner = new Scanner(bytes, 'unexpected end of JSON input');
  const value = scanner.read();
  scanner.skipSpace();
  if (!scanner.atEnd) scanner.refuse('after top-level value');
  return value;
}

class Scanner {
  readonly #bytes: Uint8Array;
  readonly #truncated: string;
  #at = 0;
  #hugeNumber: JsonError | undefined;

  constructor(bytes: Uint8Array, truncated: string) {
    this.#bytes = bytes;
    this.#truncated = truncated;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  read(): JsonValue {
    this.skipSpace();
    const start = this.#at;
    this.#value(0);
    // Go finds this one only after the syntax, when it converts.
    if (this.#hugeNumber !== undefined) throw this.#hugeNumber;
    return JSON.parse(this.#text(start));
  }

  skipSpace(): void {
    while (!this.atEnd && ' \t\r\n'.includes(this.#peek())) this.#at++;
  }

  refuse(context: string): never {
    throw new JsonError(`invalid character ${quoted(this.#peek())} ${context}`, this.#at);
  }

  #value(depth: number): void {
    this.skipSpace();
    const first = this.#peek();
    if (first === '{') this.#object(depth + 1);
    else if (first === '[') this.#array(depth + 1);
    else if (first === '"') this.#string();
    else if (first === '-' || isDigit(first)) this.#number();
    else if (first === 't') this.#literal('true');
    else if (first === 'f') this.#literal('false');
    else if (first === 'n') this.#literal('null');
    else this.refuse('looking for beginning of value');
  }

  #object(depth: number): void {
    if (depth > depthMax) this.refuse('exceeded max depth');
    this.#at++;
    if (this.#takeAfterSpace('}')) return;
    do {
      this.skipSpace();
      if (this.#peek() !== '"') this.refuse('looking for beginning of object key string');
      this.#string();
      if (!this.#takeAfterSpace(':')) this.refuse('after object key');
      this.#value(depth);
    } while (this.#takeAfterSpace(','));
    if (!this.#take('}')) this.refuse('after object key:value pair');
  }

  #array(depth: number): void {
    if (depth > depthMax) this.refuse('exceeded max depth');
    this.#at++;
    if (this.#takeAfterSpace(']')) return;
    do this.#value(depth);
    while (this.#takeAfterSpace(','));
    if (!this.#take(']')) this.refuse('after array element');
  }

  #string(): void {
    this.#at++;
    while (!this.#take('"')) {
      if (this.#peek() < ' ') this.refuse('in string literal');
      if (this.#take('\\')) this.#escape();
      else this.#at++;
    }
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

  #number(): void {
    const start = this.#at;
    this.#take('-');
    if (!this.#take('0')) this.#digits('in numeric literal');
    if (this.#more() && this.#take('.')) this.#digits('after decimal point in numeric literal');
    if (this.#more() && (this.#take('e') || this.#take('E'))) {
      if (!this.#take('+')) this.#take('-');
      this.#digits('in exponent of numeric literal');
    }
    const text = this.#text(start);
    if (Number.isFinite(Number(text))) return;
    const reason = `json: cannot unmarshal number ${text} into Go value of type float64`;
    this.#hugeNumber ??= new JsonError(reason, start);
  }

  #digits(context: string): void {
    if (!isDigit(this.#peek())) this.refuse(context);
    while (this.#more() && isDigit(this.#peek())) this.#at++;
  }

  #literal(word: string): void {
    for (const letter of word)
      if (!this.#take(letter)) this.refuse(`in literal ${word} (expecting '${letter}')`);
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
    return new TextDecoder().decode(this.#bytes.subarray(start, this.#at));
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

// Upstream allows 10,000; no file of ours needs more than 2.
const depthMax = 100;
