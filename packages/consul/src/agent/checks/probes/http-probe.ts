// What a web server answers: 2xx is passing, 429 a warning, anything else critical. Each try has a connection
// of its own, and follows redirects. Upstream: agent/checks/check.go (CheckHTTP), Go's net/http.

import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import type { Network } from '@reeve/runtime';
import type { CheckType } from '../../definitions/check-type.ts';
import { OutputTail } from '../output-tail.ts';
import { type CheckResult, type Probe, timeoutMsOf } from '../probe.ts';
import { failed, parseHttpUrl } from './http-url.ts';
import { connectFailure, lookupBy } from './lookup.ts';

/** How checks make TLS connections: `enable_agent_tls_for_checks` gives the agent's own certificate. */
export type CheckTls = (type: CheckType) => ConnectionOptions;

/** The probe of an HTTP check. */
export function httpProbe(network: Network, tls: CheckTls, type: CheckType, outputBytesMax: number): Probe {
  return (done) => {
    const method = type.method || 'GET';
    const gone = new AbortController();
    const fail = (output: string) => done({ status: 'critical', output });
    const timer = setTimeout(() => gone.abort(), timeoutMsOf(type, usualTimeoutMs));
    ask({ network, tls: tls(type), type, signal: gone.signal }, method)
      .then((response) => resultOf(type, method, response, outputBytesMax))
      .then(done, (error: Error) => (gone.signal.reason === givenUp ? undefined : fail(error.message)))
      .finally(() => clearTimeout(timer));
    return () => {
      clearTimeout(timer);
      gone.abort(givenUp);
    };
  };
}

interface Asking {
  readonly network: Network;
  readonly tls: ConnectionOptions;
  readonly type: CheckType;
  readonly signal: AbortSignal;
}

/** The answer behind all redirects; rejects with the output of the check. */
async function ask(asking: Asking, firstMethod: string): Promise<IncomingMessage> {
  const { type } = asking;
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(firstMethod)) {
    throw new Error(`net/http: invalid method "${firstMethod}"`);
  }
  let url = parseHttpUrl(type.http, firstMethod);
  let method = firstMethod;
  let body = type.body;
  for (let redirects = 0, shown = type.http; ; redirects++) {
    const response = await askOnce(asking, url, method, body).catch((error: Error) => {
      throw new Error(`${failed(firstMethod, shown)}: ${reasonOf(error, url, asking)}`);
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

function askOnce(asking: Asking, url: URL, method: string, body: string): Promise<IncomingMessage> {
  const { network, tls, type, signal } = asking;
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = headersOf(type, url, body);
    const lookup = lookupBy(network);
    const options = { method, headers, signal, lookup, ...tls, agent: false, setHost: false } as const;
    const request: ClientRequest = send(url, options, resolve);
    request.once('error', reject);
    request.end(body === '' ? undefined : body);
  });
}

function headersOf(type: CheckType, url: URL, body: string): Record<string, string | string[]> {
  const given = [...(type.header ?? [])].map(([name, values]) => [name, [...(values ?? [])]] as const);
  const valuesOf = (name: string) => given.find(([other]) => other.toLowerCase() === name)?.[1];
  return {
    Host: valuesOf('host')?.[0] ?? url.host,
    ...(valuesOf('user-agent') ? {} : { 'User-Agent': 'Consul Health Check' }),
    ...(valuesOf('accept') ? {} : { Accept: 'text/plain, text/*, */*' }),
    ...(body === '' ? {} : { 'Content-Length': `${Buffer.byteLength(body)}` }),
    ...Object.fromEntries(given.filter(([name]) => name.toLowerCase() !== 'host')),
  };
}

/** A body that breaks off or never ends is judged by what came of it. */
async function resultOf(
  { http }: CheckType,
  method: string,
  response: IncomingMessage,
  outputBytesMax: number,
): Promise<CheckResult> {
  const output = new OutputTail(outputBytesMax);
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) output.write(chunk);
  } catch {
    // what counts came before
  }
  const { statusCode = 0, statusMessage = '' } = response;
  return {
    status: statusOf(statusCode),
    output: `HTTP ${method} ${http}: ${statusCode} ${statusMessage} Output: ${output.text()}`,
  };
}

function statusOf(code: number): CheckResult['status'] {
  if (code >= 200 && code <= 299) return 'passing';
  return code === 429 ? 'warning' : 'critical';
}

/** Why nothing was answered, in Go's words where we know them. */
function reasonOf(error: NodeJS.ErrnoException, url: URL, { signal }: Asking): string {
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
const usualTimeoutMs = 10_000;
const givenUp = new Error('the check was stopped');
