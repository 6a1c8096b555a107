// Values of filters as Go reads them. Source: strconv.ParseInt with base 0, strconv.ParseBool.

import { quote } from '@reeve/cli';

/** A whole number of 64 bits: decimal, or `0x…`, `0o…`, `0…`, `0b…`, with `_` between digits. */
export function parseGoInt(text: string): bigint {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  const plain = digits.replace(/^0(?=_?[0-7])/, '0o').replaceAll('_', '');
  if (!wholeNumber.test(digits)) throw new Error(`strconv.ParseInt: parsing ${quote(text)}: invalid syntax`);
  const value = sign === '-' ? -BigInt(plain) : BigInt(plain);
  if (value === BigInt.asIntN(64, value)) return value;
  throw new Error(`strconv.ParseInt: parsing ${quote(text)}: value out of range`);
}

/** `1`, `t`, `true` and the like. */
export function parseGoBool(text: string): boolean {
  if (trueWords.has(text)) return true;
  if (falseWords.has(text)) return false;
  throw new Error(`strconv.ParseBool: parsing ${quote(text)}: invalid syntax`);
}

const wholeNumber = /^(?:0|[1-9](?:_?\d)*|0[xX](?:_?[\da-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+)$/;
const trueWords = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const falseWords = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);
