// Asks an agent over HTTP. Upstream: api/api.go.
// Node's HTTP is loaded when the first question is asked; its connections are kept between questions.
// Next: key-values.ts, for what has rules of its own.

import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { Readable } from 'node:stream';
import { quote } from '@reeve/cli';
import { decodeJson, type Kind } from '../json/decode.ts';
import type { ClientConfig } from './client-config.ts';
import { unpacked, writeGoHead } from './go-request.ts';
import { encodeQuery, escapeHost, escapePath, type Query } from './go-url.ts';
import { transportError } from './transport-error.ts';

/** What goes with a question. */
export interface Call {
  readonly query?: Query | undefined;
  readonly body?: string | Uint8Array | Readable | undefined;
  /** The answer goes on for ever and is read as it comes; packed, agents would keep it back. */
  readonly isLive?: boolean;
  /** Gives up waiting for the answer. */
  readonly signal?: AbortSignal | undefined;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  /** `X-Consul-Index`, to wait for what comes after it; 0 if there is none. */
  readonly index: bigint;
  readonly body: Uint8Array;
}

/** An answer that is none of those expected. */
export class UnexpectedAnswer extends Error {
  override name = 'UnexpectedAnswer';
  readonly status: number;

  constructor(status: number, reason = '') {
    super(`Unexpected response code: ${status}${reason}`);
    this.status = status;
  }
}

/** An answer that comes piece by piece. */
export interface StreamedAnswer {
  readonly index: bigint;
  readonly body: Readable;
}

/** A client of one agent. */
export class ConsulClient {
  readonly #config: ClientConfig;

  constructor(config: ClientConfig) {
    this.#config = config;
  }

  /** A value that the agent sends as JSON. */
  async get<T>(path: string, kind: Kind<T>, query?: Query, signal?: AbortSignal): Promise<T> {
    const { body } = await this.ok('GET', path, { query, signal });
    return decodeJson(body, kind);
  }

  /** An answer with status 200. @throws UnexpectedAnswer for others, TransportError for none */
  async ok(method: string, path: string, call: Call = {}): Promise<Answer> {
    const answer = await this.ask(method, path, call);
    if (answer.status === 200) return answer;
    throw new UnexpectedAnswer(answer.status, ` (${Buffer.from(answer.body)})`);
  }

  /** An answer of any status. @throws TransportError */
  async ask(method: string, path: string, call: Call = {}): Promise<Answer> {
    const message = await this.#open(method, path, call);
    return {
      status: message.statusCode ?? 0,
      index: indexOf(message),
      body: await bodyOf(await unpacked(message)),
    };
  }

  /** An answer with status 200 whose body is still to come. @throws UnexpectedAnswer, TransportError */
  async stream(method: string, path: string, call: Call = {}): Promise<StreamedAnswer> {
    const message = await this.#open(method, path, call);
    const body = await unpacked(message);
    if (message.statusCode === 200) return { index: indexOf(message), body };
    throw new UnexpectedAnswer(message.statusCode ?? 0, ` (${await bodyOf(body)})`);
  }

  async #open(method: string, path: string, call: Call): Promise<IncomingMessage> {
    const { datacenter, namespace } = this.#config;
    const query = encodeQuery({ dc: datacenter || undefined, ns: namespace || undefined, ...call.query });
    const target = escapePath(path) + (query === '' ? '' : `?${query}`);
    try {
      return await this.#sendOn(method, target, call);
    } catch (error) {
      if (call.signal?.aborted === true) throw error;
      const { scheme, address, isSocket } = this.#config;
      const dialed = { host: isSocket ? address : splitAddress(address).host, isSocket };
      throw transportError(method, `${scheme}://${escapeHost(address)}${target}`, dialed, error as Error);
    }
  }

  /** As by Go's client: where the agent points is gone, with what was a write as a read without a body. */
  async #sendOn(method: string, path: string, call: Call, redirectsLeft = 10): Promise<IncomingMessage> {
    const message = await this.#send(method, path, call);
    const { location = '' } = message.headers;
    if (message.statusCode !== 301 || !isOwnPath(location) || redirectsLeft === 0) return message;
    message.resume();
    return this.#sendOn('GET', location, { ...call, body: undefined }, redirectsLeft - 1);
  }

  async #send(method: string, path: string, call: Call): Promise<IncomingMessage> {
    const { scheme, tls, address } = this.#config;
    if (address === '') throw new Error('http: no Host in request URL');
    const { request } = scheme === 'https' ? await import('node:https') : await import('node:http');
    const options: RequestOptions = {
      ...this.#target(),
      ...(scheme === 'https' ? { ...tls, ca: tls.ca?.slice() } : {}),
      method,
      path,
      setHost: false,
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    };
    const head = {
      host: address,
      body: bytesOf(call.body),
      headers: this.#headers(),
      mayBePacked: call.isLive !== true,
      isLast: false,
    };
    return new Promise((resolve, reject) => {
      const attempt = (isLast: boolean): void => {
        const outgoing = request(options, resolve);
        writeGoHead(outgoing, head);
        outgoing.on('error', (error: NodeJS.ErrnoException) => {
          if (isLast || !wasClosedMeanwhile(outgoing, error, call)) reject(error);
          else attempt(true);
        });
        if (!(call.body instanceof Readable)) return void outgoing.end(call.body);
        call.body.on('error', (error) => outgoing.destroy(error)).pipe(outgoing);
      };
      attempt(false);
    });
  }

  #target(): RequestOptions {
    const { address, isSocket, scheme } = this.#config;
    if (isSocket) return { socketPath: address };
    const { host, port } = splitAddress(address);
    if (port !== undefined && port > portMax) throw new Error(`dial tcp: address ${port}: invalid port`);
    return { host, port: port ?? (scheme === 'https' ? 443 : 80) };
  }

  #headers(): ReadonlyMap<string, readonly string[]> {
    const { token, basicAuth } = this.#config;
    const headers = new Map<string, readonly string[]>();
    if (/[^\P{Cc}\t]/u.test(token))
      throw new Error(`net/http: invalid header field value ${quote(token)} for key X-Consul-Token`);
    if (token !== '') headers.set('X-Consul-Token', [Buffer.from(token).toString('latin1')]); // as UTF-8
    if (basicAuth !== '')
      headers.set('Authorization', [`Basic ${Buffer.from(withColon(basicAuth)).toString('base64')}`]);
    return headers;
  }
}

function bytesOf(body: Call['body']): number | 'chunked' {
  if (body instanceof Readable) return 'chunked';
  return body === undefined ? 0 : Buffer.byteLength(body);
}

async function bodyOf(message: Readable): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of message as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > bodyBytesMax) throw new Error(`the answer is larger than ${bodyBytesMax} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Whether it may help to try again: the agent has no leader, or is not there. Of reads only. */
export function isRetryable(error: unknown): boolean {
  return error instanceof UnexpectedAnswer
    ? error.status === 500
    : (error as Error).name === 'TransportError';
}

/** A path of the same agent: a token is shown to nobody else. */
function isOwnPath(location: string): boolean {
  return /^\/(?!\/)/.test(location);
}

/** A kept connection that the agent had closed when it was to be used again. */
function wasClosedMeanwhile(request: ClientRequest, error: NodeJS.ErrnoException, { body }: Call): boolean {
  return request.reusedSocket && error.code === 'ECONNRESET' && !(body instanceof Readable);
}

function splitAddress(address: string): { host: string; port: number | undefined } {
  const [, host = address, port] = /^(.*?)(?::(\d*))?$/s.exec(address) ?? [];
  return { host: host.replace(/^\[(.*)\]$/s, '$1'), port: port ? Number(port) : undefined };
}

function indexOf({ headers }: IncomingMessage): bigint {
  const text = headers['x-consul-index'];
  return typeof text === 'string' && /^\d{1,20}$/.test(text) ? BigInt(text) : 0n;
}

function withColon(userAndPassword: string): string {
  return userAndPassword.includes(':') ? userAndPassword : `${userAndPassword}:`;
}

const portMax = 65_535;
/** As much as fits into one of V8's strings. */
const bodyBytesMax = 512 * 1024 * 1024;
