// An answer on its way: as it was sent before, whole, packed, or in pieces as fast as its client takes them.
// Upstream: Go's net/http server.go (response.write, chunkWriter). RFC 9112, sections 6 and 7.

import { Readable } from 'node:stream';
import type { NetworkStream } from '@reeve/runtime';
import { inTurns } from '../../waiting/in-turns.ts';
import { pack, packed, packPieces, takesGzip } from '../gzip.ts';
import { JsonText } from '../json-text.ts';
import { LongText } from '../long-text.ts';
import { type HttpResponse, saidLength } from '../response.ts';
import { type Occasion, type ResponseFraming, responseHead } from '../wire/response-head.ts';
import type { ClientBudget } from './client-budget.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { joined } from './last-answer.ts';
import type { HttpService } from './service.ts';

/** A connection, as its answers see it. */
export interface Recipient {
  readonly service: HttpService;
  readonly stream: NetworkStream;
  /** Of its client, all connections together. */
  readonly budget: ClientBudget;
  /** Nobody is there any more. */
  readonly isGone: boolean;
  /** Whether another request can follow on this connection. */
  keeps(request: IncomingRequest): boolean;
  /** Resolves when the client has taken what was sent, or has gone. */
  room(): Promise<void>;
  /** The answer has been written. */
  finish(request: IncomingRequest, keeps: boolean): void;
  /** Drops the connection. */
  destroy(): void;
}

/** Sends the answer to a request, and tells the recipient when it has been written. */
export function sendAnswer(to: Recipient, request: IncomingRequest, response: HttpResponse): void {
  if (to.isGone) return abandon(response);
  const same = to.service.last.find(response, request.head);
  if (same !== undefined && same.occasion.date === dateOf(to) && same.occasion.keeps === to.keeps(request)) {
    to.stream.write(same.bytes);
    return to.finish(request, same.occasion.keeps);
  }
  const { body } = response;
  if (isPiecemeal(body)) {
    void sendPieces(to, request, response, framingOf(request), body, 0);
  } else if (body instanceof LongText) {
    sendLong(to, request, response, body);
  } else if (!isEmpty(body) && takesGzip(request.header('accept-encoding'))) {
    const headers = [...response.headers.filter((header) => header !== saidLength), packed];
    const bytes = body instanceof JsonText ? body.packed : pack(body);
    void bytes.then((whole) => sendWhole(to, request, { ...response, headers }, whole));
  } else {
    sendWhole(to, request, response, body instanceof JsonText ? body.bytes : body);
  }
}

function sendWhole(
  to: Recipient,
  request: IncomingRequest,
  response: HttpResponse,
  body: string | Uint8Array,
): void {
  if (to.isGone) return;
  const length = Buffer.byteLength(body);
  const isUnseen = request.method === 'HEAD';
  const framing = isUnseen && length === 0 ? undefined : { length };
  if (length > pieceBytes && !isUnseen) {
    void sendPieces(to, request, response, framing, piecesOf(body), length);
    return;
  }
  const keeps = to.keeps(request);
  const occasion = occasionOf(to, request, keeps);
  if (length < apartBytes && !isUnseen) {
    to.stream.write(to.service.last.bytesOf(response, body, occasion));
  } else {
    const head = responseHead(response, framing, occasion);
    if (isUnseen) to.stream.write(joined(head, ''));
    else if (typeof body === 'string') to.stream.write(joined(head, body));
    else to.stream.writeAll([Buffer.from(head), body]);
  }
  to.finish(request, keeps);
}

/** What is long is worked out as it is taken: a piece a turn, and none while the one before is on its way. */
function sendLong(to: Recipient, request: IncomingRequest, response: HttpResponse, body: LongText): void {
  const isPacked = takesGzip(request.header('accept-encoding'));
  const headers = isPacked ? [...response.headers, packed] : response.headers;
  const pieces = inTurns(body.pieces(), to.service.runtime);
  const sent = isPacked ? packPieces(whileThere(to, pieces)) : pieces;
  void sendPieces(to, request, { ...response, headers }, framingOf(request), sent, body.heldBytes);
}

/** Who has gone is noticed at the next piece that is sent, and much goes into one that is packed. */
async function* whileThere(to: Recipient, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    if (to.isGone) return;
    yield piece;
  }
}

/** What comes bit by bit is sent bit by bit, as fast as the client takes it. */
async function sendPieces(
  to: Recipient,
  request: IncomingRequest,
  response: HttpResponse,
  framing: ResponseFraming,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  heldBytes: number,
): Promise<void> {
  const { stream, budget } = to;
  const isChunked = framing === 'chunked';
  budget.answers.change(heldBytes);
  const keeps = framing !== undefined && to.keeps(request);
  stream.write(joined(responseHead(response, framing, occasionOf(to, request, keeps)), ''));
  try {
    for await (const piece of pieces) {
      if (to.isGone) return;
      if (isChunked) stream.writeAll(chunkOf(piece));
      else stream.write(piece);
      if (stream.isFull) await to.room();
    }
  } catch {
    return to.destroy(); // the client sees that something is missing
  } finally {
    budget.answers.change(-heldBytes);
  }
  if (to.isGone) return;
  if (isChunked) stream.write(lastChunk);
  to.finish(request, keeps);
}

function occasionOf(to: Recipient, { head }: IncomingRequest, keeps: boolean): Occasion {
  return { head, date: dateOf(to), keeps };
}

function dateOf({ service }: Recipient): string {
  return service.dates.at(service.runtime.clock.wallTime());
}

function* piecesOf(body: string | Uint8Array): Generator<Uint8Array> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

/** The length of what comes bit by bit is not known before its end; who speaks HTTP/1.0 sees no other end. */
function framingOf({ head }: IncomingRequest): ResponseFraming {
  return head.isOld ? undefined : 'chunked';
}

function chunkOf(piece: Uint8Array): readonly Uint8Array[] {
  if (piece.length === 0) return []; // it would be the last one
  return [Buffer.from(`${piece.length.toString(16)}\r\n`), piece, lineEnd];
}

/** Nobody is there for it: what comes bit by bit is told to stop. */
function abandon({ body }: HttpResponse): void {
  if (body instanceof Readable)
    body.destroy(); // its iterator would end nothing before it was asked
  else if (isPiecemeal(body)) void body[Symbol.asyncIterator]().return?.();
}

function isEmpty(body: string | JsonText | Uint8Array): boolean {
  return !(body instanceof JsonText) && body.length === 0;
}

function isPiecemeal(body: HttpResponse['body']): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && Symbol.asyncIterator in body;
}

const lineEnd = Buffer.from('\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');
/** From here on a body is not copied behind its head. */
const apartBytes = 4_096;
/** Longer answers are handed to the network in such pieces. */
const pieceBytes = 262_144;
