// A domain name, as text and as bytes: RFC 1035, sections 3.1 and 5.1.
//
// The text is the one of zone files, always with the dot at the end: `web.service.consul.`. A byte that
// would mean something else there is escaped (`\.`, `\"`, `\007`) by the rules of the original's library,
// miekg/dns, since names are compared with the catalog's in exactly this form. Next: message-writer.ts.

import { concatBytes, DecodeError, encodeText } from '@reeve/bytes';

/** A text is no domain name: a label is empty or too long, or all of it is. */
export class DomainNameError extends RangeError {
  constructor(text: string, flaw: string) {
    super(`${JSON.stringify(text)} is no domain name: ${flaw}`);
    this.name = 'DomainNameError';
  }
}

/** One name; never changes. */
export class DomainName {
  /** Ends in a dot; `.` is the root. Case as it came. */
  readonly text: string;
  /** Each label behind its length, without the zero at the end. */
  readonly wire: Uint8Array;
  #suffixes: readonly Suffix[] | undefined;

  /** Only for this file: `text` and `wire` say the same. */
  constructor(text: string, wire: Uint8Array) {
    this.text = text;
    this.wire = wire;
  }

  /** The names from each label to the end: what a name can share with one that stands before it. */
  get suffixes(): readonly Suffix[] {
    this.#suffixes ??= suffixesOf(this.text, this.wire);
    return this.#suffixes;
  }
}

/** The end of a name, and where in its bytes it begins. */
export interface Suffix {
  readonly text: string;
  readonly start: number;
}

/**
 * The name of a text; the dot at the end may be missing.
 * @throws DomainNameError
 */
export function domainName(text: string): DomainName {
  const full = endsInDot(text) ? text : `${text}.`;
  if (full === '.') return new DomainName(full, new Uint8Array(0));
  const wire = concatBytes(splitLabels(full).map((label) => encodeLabel(full, label)));
  if (wire.length >= nameBytesMax) throw new DomainNameError(full, `over ${nameBytesMax} bytes`);
  return new DomainName(full, wire);
}

/** The texts between the dots of a name, escapes as they are: `web`, `service`, `consul`. */
export function splitLabels(text: string): string[] {
  const labels = text.split('.');
  if (labels.at(-1) === '') labels.pop();
  if (!text.includes('\\')) return labels;
  const joined: string[] = [];
  let start = '';
  for (const part of labels) {
    const label = start + part;
    start = isEscaping(label) ? `${label}.` : '';
    if (start === '') joined.push(label);
  }
  return joined;
}

/** Reads a name at `offset`; `end` is where what follows it begins. */
export function readDomainName(bytes: Uint8Array, offset: number): { name: DomainName; end: number } {
  const parts: Uint8Array[] = [];
  let text = '';
  let wireBytes = 1;
  let end: number | undefined;
  let start = offset;
  let at = offset;
  for (;;) {
    const length = byteAt(bytes, at);
    if (length !== 0 && length < pointerMark) {
      if (length > labelBytesMax) throw new DecodeError('malformed', 'a label of an unknown kind');
      const next = at + 1 + length;
      wireBytes += 1 + length;
      if (next > bytes.length) throw new DecodeError('truncated', 'a name ends early');
      if (wireBytes > nameBytesMax) throw new DecodeError('limit', `a name of over ${nameBytesMax} bytes`);
      text += labelText(bytes, at + 1, next);
      at = next;
      continue;
    }
    if (at > start) parts.push(bytes.slice(start, at));
    if (length === 0) break;
    const target = ((length & ~pointerMark) << 8) | byteAt(bytes, at + 1);
    end ??= at + 2;
    // Each pointer leads further back than all before it, so that no circle of them ends nowhere.
    if (target >= start) throw new DecodeError('malformed', 'a name points forwards');
    at = start = target;
  }
  const wire = parts.length === 1 ? (parts[0] as Uint8Array) : concatBytes(parts);
  return { name: new DomainName(text === '' ? '.' : text, wire), end: end ?? at + 1 };
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new DecodeError('truncated', 'a name ends early');
  return byte;
}

/** One label with the dot behind it. */
function labelText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += characters[bytes[i] as number];
  return `${text}.`;
}

function encodeLabel(name: string, label: string): Uint8Array {
  const bytes = label.includes('\\') ? unescapeLabel(label) : encodeText(label);
  if (bytes.length === 0) throw new DomainNameError(name, 'an empty label');
  if (bytes.length > labelBytesMax) throw new DomainNameError(name, `a label over ${labelBytesMax} bytes`);
  const encoded = new Uint8Array(1 + bytes.length);
  encoded[0] = bytes.length;
  encoded.set(bytes, 1);
  return encoded;
}

function unescapeLabel(label: string): Uint8Array {
  const bytes: number[] = [];
  for (const [part] of label.matchAll(/\\(?:\d{3}|.)|[^\\]+|\\$/gsu)) {
    if (/^\\\d{3}$/.test(part)) bytes.push(Number(part.slice(1)) & 0xff);
    else bytes.push(...encodeText(part.startsWith('\\') ? part.slice(1) : part));
  }
  return Uint8Array.from(bytes);
}

function suffixesOf(text: string, wire: Uint8Array): readonly Suffix[] {
  const suffixes: Suffix[] = [];
  let start = 0;
  let rest = text;
  for (const label of splitLabels(text)) {
    if (start === wire.length) break; // the root has no labels
    suffixes.push({ text: rest, start });
    start += 1 + (wire[start] as number);
    rest = rest.slice(label.length + 1);
  }
  return suffixes;
}

function endsInDot(text: string): boolean {
  return text.endsWith('.') && !isEscaping(text.slice(0, -1));
}

/** Whether a text ends in a backslash that is not itself escaped, so that a dot behind it ends nothing. */
function isEscaping(text: string): boolean {
  const slashes = /\\+$/.exec(text)?.[0].length ?? 0;
  return slashes % 2 === 1;
}

/** How each byte is written. */
const characters = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (' "\\.();@'.includes(character)) return `\\${character}`;
  return byte > 0x20 && byte < 0x7f ? character : `\\${String(byte).padStart(3, '0')}`;
});

const pointerMark = 0xc0;
const labelBytesMax = 63;
const nameBytesMax = 255;
