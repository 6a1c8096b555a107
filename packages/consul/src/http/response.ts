// A response as routes make it. Next: respond.ts, which turns what a route returns or throws into one.

import type { JsonText } from './json-text.ts';
import type { LongText } from './long-text.ts';

/** One HTTP response. */
export interface HttpResponse {
  readonly status: number;
  /** In the order in which they are sent. */
  readonly headers: readonly Header[];
  /** Everything, or what comes bit by bit: a log, an archive. */
  readonly body: string | JsonText | LongText | Uint8Array | AsyncIterable<Uint8Array>;
}

/** A header's name in Go's canonical spelling, and its value. */
export type Header = readonly [name: string, value: string];

/** Status 200 and nothing to say: no body and no content type. */
export const nothingToSay: HttpResponse = { status: 200, headers: [], body: '' };

/** An answer in JSON; `text` is compact. */
export function json(
  text: string | JsonText | LongText,
  headers: readonly Header[] = [],
  status = 200,
): HttpResponse {
  return { status, headers: [...headers, jsonType], body: text };
}

/** `true` or `false`. */
export function jsonBoolean(value: boolean): HttpResponse {
  return json(value ? 'true' : 'false');
}

/** An answer in plain text, to which upstream gives no type. */
export function plain(text: string, headers: readonly Header[] = [], status = 200): HttpResponse {
  return { status, headers: [...headers, guessedType], body: text };
}

/** A status alone. */
export function bare(status: number, headers: readonly Header[] = []): HttpResponse {
  return { status, headers, body: '' };
}

/** The content type of JSON; what has it is indented for those who want that. */
export const jsonType: Header = ['Content-Type', 'application/json'];

/** The content type that Go finds for a text by looking at it, and sends behind the other headers. */
export const guessedType: Header = ['Content-Type', 'text/plain; charset=utf-8'];

/** The length, which Go sends behind the date unless a route says it, as of a raw value: then by its name. */
export const saidLength: Header = ['Content-Length', ''];

/** That of JSON which upstream forgets to call so; it is indented all the same. */
export const forgottenJsonType: Header = ['Content-Type', 'text/plain; charset=utf-8'];
