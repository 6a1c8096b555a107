// The header lines of a request. RFC 9112, section 5; refusals as Go's net/http has them.
//
// Stricter than Go where two readers could disagree about where a request ends (request smuggling): a line
// that goes on in the next one, a bare line feed, a name without a name, and a length beside chunks are
// refused.

import { BadRequest, headTooLarge, unsupportedEncoding } from './bad-request.ts';

/** How the end of a body is known. */
export type Framing =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'none' };

/** What the headers of a request say. */
export interface HeaderBlock {
  /** The first value of each name, by its lower-case form. */
  readonly values: ReadonlyMap<string, string>;
  readonly framing: Framing;
  /** What `Connection` lists, in lower case. */
  readonly connection: readonly string[];
  /** `Expect`, in lower case: with `100-continue` the client waits before it sends its body. */
  readonly expect: string;
}

/** Parses header lines, each with its line end. @throws BadRequest */
export function parseHeaderBlock(text: string): HeaderBlock {
  const values = new Map<string, string>();
  const lengths: string[] = [];
  let hosts = 0;
  let lines = 0;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\r\n', at);
    if (end < 0) throw new BadRequest();
    if (++lines > linesMax) throw headTooLarge();
    const [name, value] = parseLine(text.slice(at, end));
    if (name === 'host') hosts++;
    if (name === 'content-length') lengths.push(value);
    if (name === 'transfer-encoding' && values.has(name)) throw unsupportedEncoding();
    if (!values.has(name)) values.set(name, value);
    at = end + 2;
  }
  if (hosts > 1) throw new BadRequest('too many Host headers');
  if (!hostBytes.test(values.get('host') ?? '')) throw new BadRequest('malformed Host header');
  return {
    values,
    framing: framingOf(values.get('transfer-encoding'), lengths),
    connection: listOf(values.get('connection')),
    expect: (values.get('expect') ?? '').toLowerCase(),
  };
}

function parseLine(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  if (colon < 0 || line.startsWith(' ') || line.startsWith('\t') || line.includes('\n')) {
    throw new BadRequest();
  }
  const name = line.slice(0, colon);
  if (!token.test(name)) throw new BadRequest('invalid header name');
  const value = trimmed(line, colon + 1);
  if (!valueBytes.test(value)) throw new BadRequest('invalid header value');
  return [name.toLowerCase(), value];
}

/** Without the blanks around it, and in linear time. */
function trimmed(line: string, from: number): string {
  let start = from;
  let end = line.length;
  while (start < end && isBlank(line.charCodeAt(start))) start++;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end--;
  return line.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function framingOf(encoding: string | undefined, lengths: readonly string[]): Framing {
  if (encoding !== undefined) {
    if (encoding.toLowerCase() !== 'chunked') throw unsupportedEncoding();
    if (lengths.length > 0) throw new BadRequest();
    return { kind: 'chunked' };
  }
  const [length = ''] = lengths;
  if (lengths.some((other) => other !== length)) throw new BadRequest();
  if (length === '') return { kind: 'none' };
  const bytes = /^\d+$/.test(length) ? Number(length) : Number.NaN;
  if (!Number.isSafeInteger(bytes)) throw new BadRequest();
  return { kind: 'length', bytes };
}

function listOf(value: string | undefined): readonly string[] {
  if (value === undefined) return nothing;
  return value
    .toLowerCase()
    .split(',')
    .map((item) => item.trim());
}

/** More than anybody sends; a head of a mebibyte can have 262,144. */
const linesMax = 10_000;
/** RFC 9110, section 5.6.2. */
export const token = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** Tabs, and what can be seen; bytes above ASCII are let pass. */
const valueBytes = /^[\t\x20-\x7e\x80-\xff]*$/;
/** As golang.org/x/net/http/httpguts (ValidHostHeader). */
const hostBytes = /^[\w!$%&'()*+,\-.:;=@[\]~]*$/;
const nothing: readonly string[] = [];
