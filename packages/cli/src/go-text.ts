// Habits of Go's text handling that show in what the original programs print. Sources: strconv.Quote,
// strings.TrimSpace, string comparison (by bytes, which for UTF-8 is by code point), hashicorp/go-multierror.

/** Puts text in double quotes as Go's `%q` does: `"`, `\` and everything that does not print are escaped. */
export function quote(text: string): string {
  return `"${[...text].map(quoteCharacter).join('')}"`;
}

/** What a letter behind a backslash means in Go's texts: `n` a new line. */
export const goEscapes: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
  ['"', '"'],
]);

/** Removes what Go calls white space (Unicode White_Space) from both ends. */
export function trimSpace(text: string): string {
  return text.replace(leadingSpace, '').replace(trailingSpace, '');
}

/** Orders text by code points, as Go sorts map keys; for use in `sort`. */
export function compareText(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at < 0) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? -1) - (right[at]?.codePointAt(0) ?? -1);
}

/** Several complaints as one text, as go-multierror lists them. */
export function listProblems(problems: readonly string[]): string {
  const count = problems.length === 1 ? '1 error' : `${problems.length} errors`;
  return `${count} occurred:\n${problems.map((problem) => `\t* ${problem}\n`).join('')}\n`;
}

function quoteCharacter(character: string): string {
  const short = shortEscapes.get(character);
  if (short !== undefined) return short;
  if (isPrinting(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code & 0xff, 2)}`; // a byte that is no UTF-8
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

// Here and not a constant: V8 takes a third of a millisecond to make the sets, and few commands quote.
function isPrinting(character: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character);
}

// The characters of White_Space one by one: its name would cost a start as much again.
const leadingSpace = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const trailingSpace = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;
const shortEscapes = new Map([...goEscapes].map(([letter, character]) => [character, `\\${letter}`]));
