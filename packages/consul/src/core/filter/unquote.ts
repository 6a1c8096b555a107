// Go's string literals. Source: strconv.Unquote.

import { decodeText, encodeText } from '@reeve/bytes';
import { goEscapes } from '@reeve/cli';

/** The text of a literal in double quotes or backquotes; undefined: Go would not read it. */
export function unquote(literal: string): string | undefined {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner.replaceAll('\r', '');
  if (!wellFormed.test(inner)) return undefined;
  const text = inner.replace(escapes, (_, written: string) => resolved(written));
  return decodeText(encodeText(text)); // bytes that stood one by one may be characters together
}

function resolved(written: string): string {
  const short = goEscapes.get(written);
  if (short !== undefined) return short;
  if (written.startsWith('x')) return byte(Number.parseInt(written.slice(1), 16));
  if (/^[uU]/.test(written)) return character(Number.parseInt(written.slice(1), 16));
  return byte(Number.parseInt(written, 8));
}

/** A byte that is no character on its own is written as `decodeText` writes it. */
function byte(value: number): string {
  return String.fromCharCode(value < 0x80 ? value : 0xdc00 + value);
}

function character(code: number): string {
  return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : String.fromCodePoint(code);
}

const byteEscape = String.raw`x[\da-fA-F]{2}|[0-3][0-7]{2}`;
const codeEscape = String.raw`u[\da-fA-F]{4}|U00(?:0[\da-fA-F]|10)[\da-fA-F]{4}`;
const wellFormed = new RegExp(`^(?:[^\\\\\n]|\\\\(?:[abfnrtv\\\\"]|${byteEscape}|${codeEscape}))*$`);
const escapes = /\\(x..|[0-3]..|u.{4}|U.{8}|.)/g;
