// What a literal of HCL 1 means. Source: hashicorp/hcl v1, hcl/token/token.go, hcl/strconv/quote.go.

import { goEscapes, quote } from '@reeve/cli';
import { HclError, type Token } from './token.ts';

/** The value of a literal. @throws HclError for a number nobody can hold */
export function literalValue(token: Token): string | number | boolean {
  switch (token.kind) {
    case 'BOOL':
      return token.text === 'true';
    case 'NUMBER':
      return wholeNumber(token);
    case 'FLOAT':
      return floatingNumber(token);
    default:
      return literalText(token);
  }
}

/** The text of a string, a here-document or a bare key. */
export function literalText(token: Token): string {
  if (token.kind === 'HEREDOC') return heredocText(token.text);
  return token.kind === 'STRING' ? unquote(token.text) : token.text;
}

/** Numbers that begin with a zero are octal. */
function wholeNumber({ text }: Token): number {
  const digits = text.replace(/^-/, '');
  if (/^0\d*[89]/.test(digits))
    throw new HclError(`strconv.ParseInt: parsing ${quote(text)}: invalid syntax`);
  const value = Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
  if (value < 2 ** 63) return text.startsWith('-') ? -value : value;
  throw new HclError(`strconv.ParseInt: parsing ${quote(text)}: value out of range`);
}

function floatingNumber({ text }: Token): number {
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  const reason = /e[+-]?$/i.test(text) ? 'invalid syntax' : 'value out of range';
  throw new HclError(`strconv.ParseFloat: parsing ${quote(text)}: ${reason}`);
}

/** What stands in `${…}` is left alone, escapes and all. */
function unquote(text: string): string {
  let result = '';
  for (let rest = text.slice(1, -1); rest !== ''; ) {
    const length = rest.startsWith('${')
      ? interpolationLength(rest)
      : (escapeSequence.exec(rest)?.[0].length ?? 1);
    const piece = rest.slice(0, length);
    result += piece.startsWith('\\') ? escapedCharacter(piece) : piece;
    rest = rest.slice(length);
  }
  return result;
}

function interpolationLength(text: string): number {
  let braces = 1;
  let at = 2;
  for (; at < text.length && braces > 0; at++) {
    if (text[at] === '{') braces++;
    if (text[at] === '}') braces--;
  }
  return at;
}

function escapedCharacter(piece: string): string {
  const short = goEscapes.get(piece.slice(1));
  if (short !== undefined) return short;
  const isOctal = /^\\[0-7]/.test(piece);
  const code = isOctal ? Number.parseInt(piece.slice(1), 8) : Number.parseInt(piece.slice(2), 16);
  return code <= unicodeMax ? String.fromCodePoint(code) : '\ufffd';
}

/**
 * Behind the line with the anchor, up to the anchor's own line. With `<<-`, what the anchor is indented by is
 * taken off all lines, if they all have it.
 */
function heredocText(text: string): string {
  const anchorEnd = text.indexOf('\n');
  const isIndented = text[2] === '-';
  const anchorLength = anchorEnd - (isIndented ? 3 : 2);
  const body = text.slice(anchorEnd + 1, text.length - anchorLength - 1);
  if (!isIndented) return body;
  const lines = body.split('\n');
  const indent = lines.pop() ?? '';
  if (!lines.every((line) => line.startsWith(indent))) return body.replace(/[ \t]+$/, '');
  return lines.map((line) => `${line.slice(indent.length)}\n`).join('');
}

const escapeSequence = /^\\(?:[0-7]{3}|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)/is;
const unicodeMax = 0x10ffff;
