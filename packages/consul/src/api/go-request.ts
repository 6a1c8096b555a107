// A request as Go's client writes it: what it adds and in which order, and how it reads what was packed
// because it asked for that. Upstream: Go's net/http (Request.write, persistConn.roundTrip).

import type { ClientRequest, IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';

/** What makes up a head, but for its first line. */
export interface GoHead {
  readonly host: string;
  /** The bytes of the body; `chunked` when nobody knows. */
  readonly body: number | 'chunked';
  /** One's own headers, in any case and order. */
  readonly headers: ReadonlyMap<string, readonly string[] | null>;
  /** Whether the answer may come as gzip, if no header says how it has to. */
  readonly mayBePacked: boolean;
  /** Whether nothing else is asked over this connection. */
  readonly isLast: boolean;
}

/** Puts the headers into a request that has none yet. Whether Go's client unpacks the answer. */
export function writeGoHead(request: ClientRequest, head: GoHead): boolean {
  const { host, body, headers, mayBePacked, isLast } = head;
  const own = new Map(
    [...headers].map(([name, values]) => [name.toLowerCase(), { name, values: values ?? [] }]),
  );
  request.setHeader('Host', host);
  const userAgent = own.get('user-agent')?.values[0] ?? goUserAgent;
  if (userAgent !== '') request.setHeader('User-Agent', userAgent);
  writeFraming(request, body);
  const rest = [...own].filter(([key]) => !writtenFirst.has(key)).map(([, header]) => header);
  for (const { name, values } of rest.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    if (values.length > 0) request.setHeader(name, [...values]);
  }
  const asks = (key: string) => (own.get(key)?.values[0] ?? '') !== '';
  const isPackable = mayBePacked && request.method !== 'HEAD' && !asks('accept-encoding') && !asks('range');
  if (isPackable) request.setHeader('Accept-Encoding', 'gzip');
  if (isLast) request.setHeader('Connection', 'close');
  else request.removeHeader('Connection');
  return isPackable;
}

/** Where the body ends. Node would say so with the last line of the head, and of methods that Go does not. */
function writeFraming(request: ClientRequest, body: GoHead['body']): void {
  if (body === 'chunked') return void request.setHeader('Transfer-Encoding', 'chunked');
  request.removeHeader('Transfer-Encoding');
  if (body > 0 || methodsWithLength.has(request.method)) request.setHeader('Content-Length', body);
  else request.removeHeader('Content-Length');
}

/** The body of an answer to a request that let it be packed. */
export async function unpacked(message: IncomingMessage): Promise<Readable> {
  if (message.headers['content-encoding']?.toLowerCase() !== 'gzip') return message;
  const { createGunzip } = await import('node:zlib');
  return pipeline(message, createGunzip(), () => undefined); // who reads it is told what went wrong
}

/** The spelling of Go's http.Header: `x-consul-index` is `X-Consul-Index`; what is no name stays. */
export function goHeaderName(name: string): string {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return name;
  return name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** Whom the original's requests come from. */
const goUserAgent = 'Go-http-client/1.1';
/** Go writes them itself, before all others; how long a body is is nobody else's to say. */
const writtenFirst: ReadonlySet<string> = new Set([
  'host',
  'user-agent',
  'content-length',
  'transfer-encoding',
  'trailer',
]);
const methodsWithLength: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
