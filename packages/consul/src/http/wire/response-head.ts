// What a response begins with, in the order in which Go's net/http writes it: the headers of the response by
// name, then date, length, a content type that nobody gave, and what becomes of the connection.

import { packed } from '../gzip.ts';
import { forgottenJsonType, guessedType, type Header, type HttpResponse, saidLength } from '../response.ts';
import type { RequestHead } from './request-head.ts';

/** How the end of a response's body is known; `undefined`: by the end of the connection. */
export type ResponseFraming = { readonly length: number } | 'chunked' | undefined;

/** When and to whom a response goes. */
export interface Occasion {
  /** Of the request. */
  readonly head: Pick<RequestHead, 'isOld'>;
  /** As headers have it. */
  readonly date: string;
  /** The connection stays. */
  readonly keeps: boolean;
}

/** All before the body. */
export function responseHead(
  { status, headers }: Pick<HttpResponse, 'status' | 'headers'>,
  framing: ResponseFraming,
  { head: { isOld }, date, keeps }: Occasion,
): string {
  let text = `HTTP/1.${isOld ? 0 : 1} ${status} ${reasons.get(status) ?? `status code ${status}`}\r\n`;
  const guessed = guessedTypeOf(headers);
  let length = typeof framing === 'object' ? `Content-Length: ${framing.length}\r\n` : '';
  for (const header of sorted(headers)) {
    if (header === saidLength) {
      text += length;
      length = '';
    } else if (header !== guessed) text += lineOf(header);
  }
  text += `Date: ${date}\r\n${length}`;
  if (guessed !== undefined) text += lineOf(guessed);
  if (keeps === isOld) text += `Connection: ${keeps ? 'keep-alive' : 'close'}\r\n`; // else as expected
  if (framing === 'chunked') text += 'Transfer-Encoding: chunked\r\n';
  return `${text}\r\n`;
}

/** The date as headers have it, formatted once a second. */
export class DateHeader {
  #second = Number.NaN;
  #text = '';

  at(wallTimeMs: number): string {
    const second = Math.floor(wallTimeMs / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = new Date(second * 1000).toUTCString();
    }
    return this.#text;
  }
}

/** By name, in a copy. There are few, and most are in order already: each goes where it belongs. */
function sorted(headers: readonly Header[]): readonly Header[] {
  const order = [...headers];
  for (let i = 1; i < order.length; i++) {
    const header = order[i] as Header;
    let at = i;
    for (; at > 0 && (order[at - 1] as Header)[0] > header[0]; at--) order[at] = order[at - 1] as Header;
    order[at] = header;
  }
  return order;
}

/** Go guesses a content type last of all; but who packs an answer has guessed before. */
function guessedTypeOf(headers: readonly Header[]): Header | undefined {
  const guessed = headers.find((header) => header === guessedType || header === forgottenJsonType);
  return guessed === undefined || headers.includes(packed) ? undefined : guessed;
}

function lineOf([name, value]: Header): string {
  return `${name}: ${onOneLine(value)}\r\n`;
}

/** A value can come from a check's output or from a client; it begins no header of its own. */
function onOneLine(value: string): string {
  return /[\r\n]/.test(value) ? value.replace(/[\r\n]/g, ' ') : value;
}

/** Those that our routes answer with; Go's words. */
const reasons: ReadonlyMap<number, string> = new Map([
  [200, 'OK'],
  [301, 'Moved Permanently'],
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [409, 'Conflict'],
  [413, 'Request Entity Too Large'],
  [417, 'Expectation Failed'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [503, 'Service Unavailable'],
]);
