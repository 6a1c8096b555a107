// One question over HTTP to somebody else's server, on a connection of its own, through redirects. What goes
// wrong is told in Go's words where we know them. Upstream: Go's net/http.
// HTTP checks and the handlers of watches ask so.

import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { Network } from '@reeve/runtime';
import { unpacked, writeGoHead } from '../../../api/go-request.ts';
import { failed, parseHttpUrl } from './http-url.ts';
import { connectFailure, lookupBy } from './lookup.ts';

/** What is asked. */
export interface HttpExchange {
  readonly network: Network;
  readonly tls: ConnectionOptions;
  readonly method: string;
  readonly url: string;
  readonly body: string;
  /** Besides those that Go adds; a `Host` is taken from here. */
  readonly headers: ReadonlyMap<string, readonly string[] | null>;
  /** Its time is over when this is aborted. */
  readonly signal: AbortSignal;
}

/** What came back. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly body: Readable;
}

/** The answer behind all redirects; rejects with Go's sentence. */
export async function askHttp(exchange: HttpExchange): Promise<HttpAnswer> {
  const { method: firstMethod } = exchange;
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(firstMethod)) {
    throw new Error(`net/http: invalid method "${firstMethod}"`);
  }
  const url = parseHttpUrl(exchange.url, firstMethod);
  let question: Question = { url, method: firstMethod, body: exchange.body, headers: exchange.headers };
  for (let redirects = 0, shown = exchange.url; ; redirects++) {
    const asked = question;
    const { response, isPackable } = await askOnce(exchange, asked).catch((error: Error) => {
      throw new Error(`${failed(firstMethod, shown)}: ${reasonOf(error, asked.url, exchange)}`);
    });
    const { statusCode = 0, statusMessage = '' } = response;
    if (!redirectStatuses.has(statusCode)) {
      return { statusCode, statusMessage, body: isPackable ? await unpacked(response) : response };
    }
    response.destroy();
    const { location } = response.headers;
    if (location === undefined) {
      throw new Error(`${failed(firstMethod, shown)}: ${statusCode} response missing Location header`);
    }
    if (redirects + 1 === redirectsMax) {
      throw new Error(`${failed(firstMethod, location)}: stopped after ${redirectsMax} redirects`);
    }
    const next = parseHttpUrl(location, firstMethod, asked.url);
    shown = next.href;
    question = { ...asked, url: next };
    if (statusCode < 307 && asked.method !== 'HEAD') question = { ...question, method: 'GET', body: '' };
  }
}

/** What is asked of one server; a redirect changes it. */
interface Question {
  readonly url: URL;
  readonly method: string;
  readonly body: string;
  readonly headers: HttpExchange['headers'];
}

function askOnce(
  { network, tls, signal }: HttpExchange,
  { url, method, body, headers }: Question,
): Promise<{ response: IncomingMessage; isPackable: boolean }> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const lookup = lookupBy(network);
    const options = { method, signal, lookup, ...tls, agent: false, setHost: false, auth: null } as const;
    const request: ClientRequest = send(url, options, (response) => resolve({ response, isPackable }));
    request.once('error', reject);
    const isPackable = writeGoHead(request, {
      host: headerOf(headers, 'host') || url.host,
      body: Buffer.byteLength(body),
      headers: withPassword(headers, url),
      mayBePacked: true,
      isLast: true,
    });
    request.end(body === '' ? undefined : body);
  });
}

/** A name and a password in the address are shown, unless a header does. */
function withPassword(headers: HttpExchange['headers'], url: URL): HttpExchange['headers'] {
  if (headerOf(headers, 'authorization') || (url.username === '' && url.password === '')) return headers;
  const shown = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return new Map([...headers, ['Authorization', [`Basic ${Buffer.from(shown).toString('base64')}`]]]);
}

function headerOf(headers: HttpExchange['headers'], wanted: string): string | undefined {
  for (const [name, values] of headers) if (name.toLowerCase() === wanted) return values?.[0];
  return undefined;
}

/** Why nothing was answered. */
function reasonOf(error: NodeJS.ErrnoException, url: URL, { signal }: HttpExchange): string {
  if (signal.aborted) return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  const { code = '', message } = error;
  const unconnected = connectFailure(error);
  if (unconnected !== undefined) return unconnected;
  if (code.startsWith('HPE_'))
    return 'net/http: HTTP/1.x transport connection broken: malformed HTTP response';
  if (url.protocol === 'https:') return tlsReason(code, message);
  return code === 'ECONNRESET' ? 'EOF' : message;
}

function tlsReason(code: string, message: string): string {
  if (code === 'EPROTO' || /wrong version number/.test(message)) {
    return 'http: server gave HTTP response to HTTPS client';
  }
  if (untrusted.has(code)) return 'x509: certificate signed by unknown authority';
  if (code === 'CERT_HAS_EXPIRED') return 'x509: certificate has expired or is not yet valid';
  return code === 'ECONNRESET' ? 'EOF' : message;
}

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const redirectsMax = 10;
