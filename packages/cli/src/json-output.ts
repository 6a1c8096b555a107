// JSON as Go's json.MarshalIndent writes it with two spaces: `<`, `>`, `&`, U+2028 and
// U+2029 escaped, everything else outside ASCII left alone, an empty list `[]`, a missing one `null`.
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

/** Writes a value as indented JSON, without a line end at the end. */
export function formatJson(value: JsonOutput): string {
  return formatValue(value, '');
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
  const entries = isMap(value) ? [...value].sort(([a], [b]) => compareText(a, b)) : Object.entries(value);
  return ['{', '}', entries.map(([key, item]) => `${formatString(key)}: ${formatValue(item, inner)}`)];
}

function formatString(text: string): string {
  return JSON.stringify(text).replace(oddInJson, (odd) => {
    if (odd === '\\\\') return odd;
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

/** What HTML would read, JavaScript's line ends, and escapes: of bytes, and of backslashes (to be kept). */
const oddInJson = /[<>&\u2028\u2029]|\\\\|\\ud[89a-f][0-9a-f]{2}/g;
