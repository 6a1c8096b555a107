// One question over HTTP to somebody else's server, on a connection of its own, through redirects. What goes
// wrong is told in Go's words where we know them. Upstream: Go's net/http.
// HTTP checks and the handlers of watches ask so.

import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import type { Network } from '@reeve/runtime';
import { failed, parseHttpUrl } from './http-url.ts';
import { connectFailure, lookupBy } from './lookup.ts';

/** What is asked. */
export interface HttpExchange {
  readonly network: Network;
  readonly tls: ConnectionOptions;
  readonly method: string;
  readonly url: string;
  readonly body: string;
  /** Headers for one of the addresses; `Host` and `Content-Length` come with it unless they are there. */
  readonly headers: ReadonlyMap<string, readonly string[] | null>;
  /** Its time is over when this is aborted. */
  readonly signal: AbortSignal;
}

/** The answer behind all redirects; rejects with Go's sentence. */
export async function askHttp(exchange: HttpExchange): Promise<IncomingMessage> {
  const { method: firstMethod } = exchange;
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(firstMethod)) {
    throw new Error(`net/http: invalid method "${firstMethod}"`);
  }
  let url = parseHttpUrl(exchange.url, firstMethod);
  let method = firstMethod;
  let body = exchange.body;
  for (let redirects = 0, shown = exchange.url; ; redirects++) {
    const response = await askOnce(exchange, url, method, body).catch((error: Error) => {
      throw new Error(`${failed(firstMethod, shown)}: ${reasonOf(error, url, exchange)}`);
    });
    const status = response.statusCode ?? 0;
    if (!redirectStatuses.has(status)) return response;
    response.destroy();
    const { location } = response.headers;
    if (location === undefined) {
      throw new Error(`${failed(firstMethod, shown)}: ${status} response missing Location header`);
    }
    if (redirects + 1 === redirectsMax) {
      throw new Error(`${failed(firstMethod, location)}: stopped after ${redirectsMax} redirects`);
    }
    url = parseHttpUrl(location, firstMethod, url);
    shown = url.href;
    if (status < 307 && method !== 'HEAD') [method, body] = ['GET', ''];
  }
}

function askOnce(exchange: HttpExchange, url: URL, method: string, body: string): Promise<IncomingMessage> {
  const { network, tls, signal } = exchange;
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = headersOf(exchange, url, body);
    const lookup = lookupBy(network);
    const options = { method, headers, signal, lookup, ...tls, agent: false, setHost: false } as const;
    const request: ClientRequest = send(url, options, resolve);
    request.once('error', reject);
    request.end(body === '' ? undefined : body);
  });
}

function headersOf({ headers }: HttpExchange, url: URL, body: string): Record<string, string | string[]> {
  const given = [...headers].map(([name, values]) => [name, [...(values ?? [])]] as const);
  const host = given.find(([name]) => name.toLowerCase() === 'host')?.[1][0];
  return {
    Host: host ?? url.host,
    ...(body === '' ? {} : { 'Content-Length': `${Buffer.byteLength(body)}` }),
    ...Object.fromEntries(given.filter(([name]) => name.toLowerCase() !== 'host')),
  };
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
