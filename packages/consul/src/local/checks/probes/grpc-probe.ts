// Whether a server says of itself by grpc.health.v1 that it serves. To us gRPC is one HTTP/2 request, and
// both messages have one field, so no library is loaded for it.
// Upstream: agent/checks/grpc.go, grpc-go, whose words these are.

import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';
import { concatBytes, encodeText } from '@reeve/bytes';
import { endpointText, type Network } from '@reeve/runtime';
import type { CheckType } from '../../../definitions/check-type.ts';
import { type Probe, timeoutMsOf } from '../probe.ts';
import type { CheckTls } from './http-probe.ts';
import { connectFailure, lookupBy } from './lookup.ts';
import { parseEndpoint } from './tcp-probe.ts';

/** The probe of a gRPC check. */
export function grpcProbe(network: Network, tls: CheckTls, type: CheckType): Probe {
  return (done) => {
    const timeoutMs = timeoutMsOf(type, usualTimeoutMs);
    let session: ClientHttp2Session | undefined;
    let isOver = false;
    const end = () => {
      isOver = true;
      clearTimeout(timer);
      session?.destroy();
    };
    const tell = (failure: string | undefined) => {
      if (isOver) return;
      end();
      if (failure === undefined) done({ status: 'passing', output: `gRPC check ${type.grpc}: success` });
      else done({ status: 'critical', output: failure });
    };
    const timer = setTimeout(() => tell(rpcError(4, 'context deadline exceeded')), timeoutMs);
    try {
      session = openSession(network, tls, type, tell);
      askHealth(session, type.grpc, timeoutMs, tell);
    } catch (error) {
      setImmediate(tell, dialError(`dial tcp: ${(error as Error).message}`));
    }
    return end;
  };
}

type Tell = (failure: string | undefined) => void;

function openSession(network: Network, tls: CheckTls, type: CheckType, tell: Tell): ClientHttp2Session {
  const [address = ''] = type.grpc.split('/');
  const scheme = type.grpcUseTls ? 'https' : 'http';
  const authority = `${scheme}://${endpointText(parseEndpoint(address))}`;
  const options = { lookup: lookupBy(network), ...(type.grpcUseTls ? tls(type) : {}) };
  const session = connect(authority, options);
  let isConnected = false;
  session.once('connect', () => {
    isConnected = true;
  });
  session.once('error', (error: NodeJS.ErrnoException) => {
    const failure = connectFailure(error);
    if (failure !== undefined) tell(dialError(failure));
    else if (isConnected || !type.grpcUseTls) tell(rpcError(14, 'connection closed'));
    else tell(connectionError(`transport: authentication handshake failed: ${handshakeFailure(error)}`));
  });
  session.once('close', () => tell(rpcError(14, 'connection closed')));
  return session;
}

function askHealth(session: ClientHttp2Session, target: string, timeoutMs: number, tell: Tell): void {
  const [address = '', service = ''] = target.split(/\/(.*)/s);
  const request = session.request({
    ':method': 'POST',
    ':path': '/grpc.health.v1.Health/Check',
    ':authority': address,
    'content-type': 'application/grpc',
    'user-agent': 'grpc-go/1.27.1',
    te: 'trailers',
    'grpc-timeout': `${Math.min(Math.ceil(timeoutMs), timeoutMsMax)}m`,
  });
  let answered: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  let body: Uint8Array = new Uint8Array();
  request.once('response', (headers) => {
    answered = headers;
  });
  request.once('trailers', (headers) => {
    trailers = headers;
  });
  request.on('data', (chunk: Uint8Array) => {
    if (body.length < answerBytesMax) body = concatBytes([body, chunk]);
  });
  request.on('error', () => {}); // the session tells
  request.once('end', () => {
    // Without headers the connection is gone, and the session tells.
    if (answered[':status'] !== undefined) tell(failureOf({ ...answered, ...trailers }, body));
  });
  request.end(healthRequest(service));
}

/** A message with the service's name as its field 1, or with nothing: five bytes stand before it. */
function healthRequest(service: string): Uint8Array {
  const name = encodeText(service).subarray(0, nameBytesMax);
  const message = name.length === 0 ? name : concatBytes([Uint8Array.of(0x0a, ...varint(name.length)), name]);
  const length = message.length;
  return concatBytes([Uint8Array.of(0, 0, 0, length >> 8, length & 0xff), message]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7];
}

/** undefined if the server serves. */
function failureOf(headers: IncomingHttpHeaders, body: Uint8Array): string | undefined {
  const httpStatus = Number(headers[':status']);
  const type = headers['content-type'] ?? '';
  if (httpStatus !== 200) {
    const text = httpTexts.get(httpStatus) ?? '';
    const unexpected = `transport: received the unexpected content-type "${type}"`;
    const told = `${text}: HTTP status code ${httpStatus}; ${unexpected}`;
    return rpcError(codesOfHttp.get(httpStatus) ?? 2, told);
  }
  const status = Number(headers['grpc-status'] ?? 2);
  if (status !== 0) return rpcError(status, unescaped(String(headers['grpc-message'] ?? '')));
  const isServing = body[frameBytes] === statusField && body[frameBytes + 1] === serving;
  return isServing ? undefined : "gRPC application didn't report service healthy";
}

function unescaped(message: string): string {
  const bytes = message.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}

function handshakeFailure({ code, message }: NodeJS.ErrnoException): string {
  const isPlain = code === 'EPROTO' || message.includes('wrong version number');
  return isPlain ? 'tls: first record does not look like a TLS handshake' : message;
}

function dialError(failure: string): string {
  return connectionError(`transport: Error while dialing ${failure}`);
}

function connectionError(why: string): string {
  return rpcError(14, `connection error: desc = "${why}"`);
}

function rpcError(code: number, why: string): string {
  return `rpc error: code = ${codeNames[code] ?? `Code(${code})`} desc = ${why}`;
}

const codeNames = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
];
const codesOfHttp = new Map([
  [400, 13],
  [401, 16],
  [403, 7],
  [404, 12],
  [429, 14],
  [502, 14],
  [503, 14],
  [504, 14],
]);
const httpTexts = new Map([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
  [504, 'Gateway Timeout'],
]);

/** Before each message: whether it is compressed, and its length. */
const frameBytes = 5;
/** Field 1 of the answer, a number. */
const statusField = 0x08;
const serving = 1;
const answerBytesMax = 1_024;
const nameBytesMax = 4_096;
const timeoutMsMax = 99_999_999;
const usualTimeoutMs = 10_000;
