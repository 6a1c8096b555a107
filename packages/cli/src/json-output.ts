// JSON as Go's json.Marshal and MarshalIndent write it: `<`, `>`, `&`, U+2028 and U+2029 escaped, everything
// else outside ASCII left alone, an empty list `[]`, a missing one `null`.
// Objects stand for Go structs and keep the order in which they were written down; Maps stand for Go maps and
// are sorted.

import { compareText } from './go-text.ts';

/** What can be written. Use a Map for keys that come from data: objects put keys like `"10"` first. */
export type JsonOutput =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonOutput[]
  | ReadonlyMap<string, JsonOutput>
  | { readonly [key: string]: JsonOutput };

/** Writes a value as JSON indented by two spaces, without a line end at the end. */
export function formatJson(value: JsonOutput): string {
  return formatValue(value, '');
}

/** Writes a value as JSON without any spaces. */
export function compactJson(value: JsonOutput): string {
  if (typeof value === 'string') return formatString(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(compactJson).join(',')}]`;
  return `{${entriesOf(value)
    .map(([key, item]) => `${formatString(key)}:${compactJson(item)}`)
    .join(',')}}`;
}

/** Compact JSON, indented: what `formatJson` would have made of it. The text is trusted to be JSON. */
export function indentJson(compact: string, indent: string): string {
  return new JsonIndenter(indent).next(compact);
}

/** The same of a text that comes in pieces; they are not cut inside of strings, nor of what is empty. */
export class JsonIndenter {
  readonly #indent: string;
  /** How a line begins, with the end of the one before. */
  #line = '\n';

  constructor(indent: string) {
    this.#indent = indent;
  }

  /** The next piece, indented. */
  next(compact: string): string {
    return compact.replace(jsonParts, (part) => this.#indented(part));
  }

  #indented(part: string): string {
    switch (part) {
      case ',':
        return `,${this.#line}`;
      case ':':
        return ': ';
      case '{':
      case '[':
        this.#line += this.#indent;
        return part + this.#line;
      case '}':
      case ']':
        this.#line = this.#line.slice(0, -this.#indent.length);
        return this.#line + part;
      default:
        return part;
    }
  }
}

function formatValue(value: JsonOutput, indent: string): string {
  if (typeof value === 'string') return formatString(value);
  if (value === null || typeof value !== 'object') return String(value);
  const inner = `${indent}  `;
  const [open, close, members] = membersOf(value, inner);
  if (members.length === 0) return open + close;
  return `${open}\n${members.map((member) => inner + member).join(',\n')}\n${indent}${close}`;
}

function membersOf(value: object & JsonOutput, inner: string): [open: string, close: string, string[]] {
  if (isList(value)) return ['[', ']', value.map((item) => formatValue(item, inner))];
  const members = entriesOf(value).map(([key, item]) => `${formatString(key)}: ${formatValue(item, inner)}`);
  return ['{', '}', members];
}

function entriesOf(value: object & JsonOutput): readonly (readonly [string, JsonOutput])[] {
  return isMap(value) ? [...value].sort(([a], [b]) => compareText(a, b)) : Object.entries(value);
}

function formatString(text: string): string {
  if (plainInJson.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(oddInJson, (odd) => {
    if (odd === '\\\\') return odd;
    if (odd === '\\b') return '\\u0008';
    if (odd === '\\f') return '\\u000c';
    const isByte = odd.length > 1; // lone surrogates stand for bytes that are no UTF-8
    return isByte ? '\\ufffd' : `\\u${odd.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

// Array.isArray and instanceof do not narrow to the readonly interfaces.
function isList(value: object): value is readonly JsonOutput[] {
  return Array.isArray(value);
}

function isMap(value: object): value is ReadonlyMap<string, JsonOutput> {
  return value instanceof Map;
}

/**
 * What HTML would read, JavaScript's line ends, and escapes: of bytes, of backspace and form feed, for which
 * Go has no short form, and of backslashes, which stay.
 */
const oddInJson = /[<>&\u2028\u2029]|\\[\\bf]|\\ud[89a-f][0-9a-f]{2}/g;

/** What needs no care, which is nearly everything. */
const plainInJson = /^[ !#-%'-;=?-[\]-~]*$/;

/** Strings and empty containers as they are, and each punctuation mark for itself. */
const jsonParts = /"(?:[^"\\]|\\.)*"|\{\}|\[\]|[,:{}[\]]/g;
