// The only file that knows node:http: sockets in, requests to the responder, responses out.
// Upstream: agent/agent.go (listenHTTP), gziphandler. Bodies are limited while they arrive.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { formatIp, parseIp } from '@reeve/bytes';
import { resolveEscapes } from './query.ts';
import { BodyTooLarge } from './request.ts';
import type { RawRequest } from './respond.ts';
import type { Header, HttpResponse } from './response.ts';

/** Where to listen: an address and a port (0: any), or the path of a Unix socket. */
export type HttpAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** A server that listens. */
export interface HttpFront {
  /** The port, or 0 on a Unix socket. */
  readonly port: number;
  /** Takes no further connections. Answers under way get half a second, then connections are dropped. */
  close(): Promise<void>;
}

/** Answers requests; never rejects. */
export type Respond = (request: RawRequest) => Promise<HttpResponse>;

/**
 * Listens. Rejects with Node's error if that is impossible.
 * @param connectionsPerClientMax `limits.http_max_conns_per_client`: a further one is closed without a word
 */
export async function listenHttp(
  at: HttpAddress,
  respond: Respond,
  connectionsPerClientMax: number,
): Promise<HttpFront> {
  const server = createServer({ keepAliveTimeout: idleMs }, (incoming, outgoing) => {
    void respond(requestOf(incoming, outgoing)).then((response) => send(incoming, outgoing, response));
  });
  limitConnections(server, connectionsPerClientMax);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: async () => {
      const closed = promisify(server.close.bind(server))();
      const limit = setTimeout(() => server.closeAllConnections(), lastAnswersMs);
      await closed;
      clearTimeout(limit);
    },
  };
}

function requestOf(incoming: IncomingMessage, outgoing: ServerResponse): RawRequest {
  const { method = 'GET', url: target = '/', headers } = incoming;
  const mark = target.indexOf('?');
  const declared = headers['content-length'];
  return {
    method,
    target,
    path: resolveEscapes(mark < 0 ? target : target.slice(0, mark)),
    rawQuery: mark < 0 ? '' : target.slice(mark + 1),
    remoteHost: plainHost(incoming.socket.remoteAddress ?? ''),
    contentLength: declared === undefined ? undefined : Number(declared),
    header: (name) => {
      const value = headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    body: (bytesMax) => readBody(incoming, declared === undefined ? 0 : Number(declared), bytesMax),
    signal: () => {
      const gone = new AbortController();
      outgoing.once('close', () => gone.abort());
      return gone.signal;
    },
  };
}

async function readBody(incoming: IncomingMessage, declared: number, bytesMax: number): Promise<Uint8Array> {
  if (declared > bytesMax) throw new BodyTooLarge(declared, bytesMax);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > bytesMax) throw new BodyTooLarge(length, bytesMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

async function send(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  response: HttpResponse,
): Promise<void> {
  outgoing.removeHeader('connection'); // Go says nothing where the connection stays
  if (outgoing.destroyed) return;
  // What was not read of a body would be taken for the next request.
  if (!incoming.complete) outgoing.shouldKeepAlive = false;
  const { status, body } = response;
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return stream(outgoing, response);
  const isPacked = body.length > 0 && takesGzip(incoming.headers['accept-encoding'] ?? '');
  const bytes = isPacked ? await gzipped(body) : body;
  const headers = [...response.headers, ...(isPacked ? [packed] : [])];
  outgoing.writeHead(status, flat([...headers, ['Content-Length', `${Buffer.byteLength(bytes)}`]]));
  outgoing.end(bytes);
}

function stream(outgoing: ServerResponse, { status, headers, body }: HttpResponse): void {
  outgoing.writeHead(status, flat(headers));
  outgoing.flushHeaders();
  pipeline(Readable.from(body), outgoing, () => {}); // an error means that the client has gone
}

/** As Node takes them, sorted by name as Go sends them. */
function flat(headers: readonly Header[]): string[] {
  return headers.toSorted(([a], [b]) => (a < b ? -1 : 1)).flat();
}

function takesGzip(accepted: string): boolean {
  return accepted.split(',').some((part) => /^\s*(gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(part));
}

function limitConnections(server: Server, perClientMax: number): void {
  const connections = new Map<string, number>();
  server.on('connection', (socket) => {
    const host = socket.remoteAddress ?? '';
    const count = (connections.get(host) ?? 0) + 1;
    if (count > perClientMax) return socket.destroy();
    connections.set(host, count);
    return socket.once('close', () => {
      const left = (connections.get(host) ?? 1) - 1;
      if (left > 0) connections.set(host, left);
      else connections.delete(host);
    });
  });
}

/** An IPv4 address that came over an IPv6 socket, as IPv4. */
function plainHost(address: string): string {
  const bytes = parseIp(address);
  return (bytes && formatIp(bytes)) ?? address;
}

const gzipped = promisify<string | Uint8Array, Buffer>(gzip);

const packed: Header = ['Content-Encoding', 'gzip'];

/** So long the original waits, too: agent/agent.go (ShutdownEndpoints). */
const lastAnswersMs = 500;
/** Go closes idle connections never; clients that come back after a while must not find them closed. */
const idleMs = 24 * 60 * 60 * 1000;
