// JSON values as Go names and prints them, for refusals that quote a value.

import type { JsonObject, JsonValue } from './json-input.ts';

/** Go's kind of a decoded value: `map`, `slice`, `string`, `float64`, `bool`. */
export function goKind(value: JsonValue): string {
  if (value === null) return 'nil';
  if (isList(value)) return 'slice';
  return goKinds[typeof value as keyof typeof goKinds];
}

/** Go's type of a decoded value, as `%T` prints it. */
export function goType(value: JsonValue): string {
  const kind = goKind(value);
  if (kind === 'map') return 'map[string]interface {}';
  return kind === 'slice' ? '[]interface {}' : kind;
}

/**
 * What encoding/json calls a value it cannot put somewhere: `object`, `array`, `string`, `number`, `bool`.
 */
export function goWord(value: JsonValue): string {
  if (value === null) return 'null';
  if (isList(value)) return 'array';
  if (typeof value === 'bigint') return 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** A decoded value as `%v` prints it: `[1 a]`, `map[a:1 b:2]`, `1e+06`, `<nil>`. */
export function goText(value: JsonValue): string {
  if (value === null) return '<nil>';
  if (typeof value === 'number') return goNumber(value);
  if (isList(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `map[${entries.map(([key, item]) => `${key}:${goText(item)}`).join(' ')}]`;
  }
  return `${value}`;
}

/** Whether a value is an array. */
export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Whether a value is an object, not an array and not null. */
export function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** The spelling in which an object has a key. Any case will do, but the exact spelling wins. */
export function findKey(object: JsonObject, key: string): string | undefined {
  if (Object.hasOwn(object, key)) return key;
  return Object.keys(object).find((written) => written.toLowerCase() === key);
}

// The shortest digits that give the number back, as in JavaScript, but with an exponent from a million on.
function goNumber(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  if (Number(exponent) >= -4 && Number(exponent) <= exponentPlainMax) return `${value}`;
  return `${digits}e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`;
}

const goKinds = { object: 'map', string: 'string', number: 'float64', bigint: 'uint64', boolean: 'bool' };
const exponentPlainMax = 5;
