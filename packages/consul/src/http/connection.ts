// One connection of HTTP/1.1: requests in, one at a time, and their answers in the same order. What a client
// sends ahead (pipelining) waits in a buffer, and when that is full in the network. Upstream: Go's net/http
// server.go (conn.serve, finishRequest). RFC 9112, section 9.
//
// Who is slow costs little: a head, the next piece of a body, and the taking of an answer each have a
// deadline. Between requests a connection may be idle for ever, as in the original.

import { Readable } from 'node:stream';
import type { NetworkStream, Runtime, StreamHandler, Timer } from '@reeve/runtime';
import { type Soon, whenThere } from '../waiting/soon.ts';
import type { ClientBudget } from './client-budget.ts';
import { pack, packed, takesGzip } from './gzip.ts';
import { IncomingRequest } from './incoming-request.ts';
import { JsonText } from './json-text.ts';
import { connectionWord, joined, LastAnswer } from './last-answer.ts';
import type { RawRequest } from './request.ts';
import { bare, type HttpResponse } from './response.ts';
import { BadRequest, headTooLarge } from './wire/bad-request.ts';
import { isWaiting, KnownHeads } from './wire/known-heads.ts';
import { PendingBytes } from './wire/pending-bytes.ts';
import { parseRequestHead, type RequestHead } from './wire/request-head.ts';
import { DateHeader, type ResponseFraming, responseHead } from './wire/response-head.ts';

/** Answers requests, at once or later; never fails. */
export type Respond = (request: RawRequest) => Soon<HttpResponse>;

/** What all connections of a server have in common. */
export interface HttpService {
  readonly runtime: Pick<Runtime, 'clock' | 'timers'>;
  readonly respond: Respond;
  readonly dates: DateHeader;
  readonly heads: KnownHeads;
  readonly last: LastAnswer;
}

/** A server that has answered nobody yet. */
export function newHttpService(runtime: HttpService['runtime'], respond: Respond): HttpService {
  return { runtime, respond, dates: new DateHeader(), heads: new KnownHeads(), last: new LastAnswer() };
}

/** A connection that was accepted. */
export class HttpConnection implements StreamHandler {
  readonly #service: HttpService;
  readonly #stream: NetworkStream;
  /** Of its client, all connections together. */
  readonly #budget: ClientBudget;
  readonly #onGone: () => void;
  /** Bounded: a head has headBytesMax; behind a request it is pausedBytes and a chunk. */
  readonly #input = new PendingBytes();
  /** The last one, if it is short: most clients send the same again. */
  #last: RequestHead | undefined;
  /** The request that is being answered, or whose body is still being skipped. */
  #request: IncomingRequest | undefined;
  /** What the client's memory has been told of the request's body. */
  #bodyBytes = 0;
  #isAnswered = false;
  /** `#advance` is under way, and goes on with whatever comes of its steps. */
  #isAdvancing = false;
  #isPaused = false;
  /** The client sends no more. */
  #hasEnded = false;
  /** No further request is answered. */
  #isOver = false;
  #isGone = false;
  #deadline: Timer | undefined;
  #onRoom: (() => void) | undefined;

  constructor(service: HttpService, stream: NetworkStream, budget: ClientBudget, onGone: () => void) {
    this.#service = service;
    this.#stream = stream;
    this.#budget = budget;
    this.#onGone = onGone;
  }

  onData(chunk: Uint8Array): void {
    if (this.#isOver) return;
    this.#input.append(chunk);
    this.#advance();
  }

  /** What it has asked is still answered; what only waits for a change is answered now. */
  onEnd(): void {
    this.#hasEnded = true;
    if (this.#isOver) return;
    if (this.#request !== undefined) this.#expectWithin(lastAnswerMs);
    this.#request?.abandon();
    this.#advance();
  }

  onDrain(): void {
    this.#onRoom?.();
  }

  onClosed(): void {
    this.#leave();
  }

  /** Nobody is being answered. */
  get isIdle(): boolean {
    return this.#request === undefined;
  }

  /** Drops the connection. */
  destroy(): void {
    this.#stream.destroy();
    this.#leave();
  }

  /** Takes requests, and bodies, as far as they have come. */
  #advance(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    try {
      while (!this.#isOver && (this.#request !== undefined || this.#begin())) {
        this.#feed();
        if (!this.#isAnswered || this.#request?.incoming?.isWhole === false) break;
        this.#request = undefined;
        this.#isAnswered = false;
      }
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      this.#stream.write(Buffer.from(error.response, 'latin1'));
      this.#linger();
    } finally {
      this.#isAdvancing = false;
    }
    this.#holdUp();
  }

  #takeHead(): RequestHead | undefined {
    const text = this.#input.takeHead();
    const bytes = text?.length ?? this.#input.length;
    if (bytes > headBytesMax) throw headTooLarge();
    if (text === undefined) {
      if (this.#hasEnded && bytes > 0) throw new BadRequest();
      if (this.#hasEnded) this.#linger();
      else if (bytes > 0 && this.#deadline === undefined) this.#expectWithin(headMs);
      return undefined;
    }
    this.#expectNothing();
    const head = this.#parse(text);
    this.#last = text.length <= keptBytesMax ? head : undefined;
    return head;
  }

  #parse(text: string): RequestHead {
    const head = parseRequestHead(text, this.#last);
    return isWaiting(head) ? this.#service.heads.common(head) : head;
  }

  /** False while there is no request. */
  #begin(): boolean {
    const head = this.#takeHead();
    if (head === undefined) return false;
    const request = new IncomingRequest(head, this.#stream.remote, (isAwaited) => {
      if (isAwaited) this.#stream.write(continueBytes);
      this.#advance();
    });
    this.#request = request;
    const { expect } = head.headers;
    const isUnknown = expect !== '' && expect !== '100-continue';
    if (isUnknown) this.#answer(request, bare(417));
    else {
      if (!request.isAwaited) this.#feed(); // a body that has come with its head is not waited for
      this.#respond(request);
    }
    return true;
  }

  #respond(request: IncomingRequest): void {
    if (this.#isGone) return;
    if (this.#budget.answers.isExceeded) {
      this.#service.runtime.timers.after(budgetPollMs, () => this.#respond(request));
      return;
    }
    let isAtOnce = true;
    whenThere(this.#service.respond(request), (response) => {
      if (isAtOnce) this.#feed(); // what has come of its body decides whether the connection stays
      this.#answer(request, response);
    });
    isAtOnce = false;
  }

  /** Gives the request's body what has come of it. */
  #feed(): void {
    const body = this.#request?.incoming;
    if (body === undefined || body.isWhole || body.isFull) return;
    if (this.#input.length > 0) this.#input.drop(body.feed(this.#input.view));
    this.#holdBody(body.heldBytes);
    if (this.#budget.bodies.isExceeded && body.heldBytes > alwaysHeldBytes) return this.destroy();
    if (this.#hasEnded) body.cut();
    if (this.#isAnswered && body.isRefused) return this.#linger();
    if (!body.isWhole && !body.isFull) this.#expectWithin(bodyMs);
    else this.#expectNothing();
  }

  #holdBody(bytes: number): void {
    this.#budget.bodies.change(bytes - this.#bodyBytes);
    this.#bodyBytes = bytes;
  }

  /** Reads no further while there is enough to do. */
  #holdUp(): void {
    const isEnough = this.#request !== undefined && this.#input.length >= pausedBytes && !this.#isOver;
    if (isEnough === this.#isPaused || this.#isGone) return;
    this.#isPaused = isEnough;
    if (isEnough) this.#stream.pause();
    else this.#stream.resume();
  }

  #answer(request: IncomingRequest, response: HttpResponse): void {
    if (this.#isGone) return abandon(response);
    const same = this.#service.last.find(response, request.head);
    if (
      same !== undefined &&
      same.occasion.date === this.#date &&
      same.occasion.keeps === this.#keeps(request)
    ) {
      this.#stream.write(same.bytes);
      return this.#finish(request, same.occasion.keeps);
    }
    const { body } = response;
    if (isPiecemeal(body)) {
      void this.#sendPieces(request, response, request.head.isOld ? undefined : 'chunked', body);
    } else if (!isEmpty(body) && takesGzip(request.header('accept-encoding'))) {
      const headers = [...response.headers, packed];
      const bytes = body instanceof JsonText ? body.packed : pack(body);
      void bytes.then((whole) => this.#sendWhole(request, { ...response, headers }, whole));
    } else {
      this.#sendWhole(request, response, body instanceof JsonText ? body.bytes : body);
    }
  }

  #sendWhole(request: IncomingRequest, response: HttpResponse, body: string | Uint8Array): void {
    if (this.#isGone) return;
    const length = Buffer.byteLength(body);
    const isUnseen = request.method === 'HEAD';
    const framing = isUnseen && length === 0 ? undefined : { length };
    if (length > pieceBytes && !isUnseen) {
      void this.#sendPieces(request, response, framing, piecesOf(body));
      return;
    }
    const keeps = this.#keeps(request);
    if (length < apartBytes && !isUnseen) {
      const occasion = { head: request.head, date: this.#date, keeps };
      this.#stream.write(this.#service.last.bytesOf(response, body, occasion));
    } else {
      const head = this.#head(request, response, framing, keeps);
      if (isUnseen) this.#stream.write(joined(head, ''));
      else if (typeof body === 'string') this.#stream.write(joined(head, body));
      else this.#stream.writeAll([Buffer.from(head), body]);
    }
    this.#finish(request, keeps);
  }

  /** What comes bit by bit is sent bit by bit, as fast as the client takes it. */
  async #sendPieces(
    request: IncomingRequest,
    response: HttpResponse,
    framing: ResponseFraming,
    pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<void> {
    const isChunked = framing === 'chunked';
    const heldBytes = typeof framing === 'object' ? framing.length : 0;
    this.#budget.answers.change(heldBytes);
    const keeps = framing !== undefined && this.#keeps(request);
    this.#stream.write(joined(this.#head(request, response, framing, keeps), ''));
    try {
      for await (const piece of pieces) {
        if (this.#isGone) return;
        if (piece.length > 0) this.#stream.write(isChunked ? chunkOf(piece) : piece);
        if (this.#stream.isFull) await this.#room();
      }
    } catch {
      return this.destroy(); // the client sees that something is missing
    } finally {
      this.#budget.answers.change(-heldBytes);
    }
    if (this.#isGone) return;
    if (isChunked) this.#stream.write(lastChunk);
    this.#finish(request, keeps);
  }

  #head(request: IncomingRequest, response: HttpResponse, framing: ResponseFraming, keeps: boolean): string {
    const { head } = request;
    return responseHead(response, this.#date, framing, connectionWord(head, keeps), head.isOld);
  }

  get #date(): string {
    return this.#service.dates.at(this.#service.runtime.clock.wallTime());
  }

  /** Whether another request can follow on this connection. */
  #keeps({ head, incoming, isAwaited }: IncomingRequest): boolean {
    if (!head.keepsAlive || this.#isOver) return false;
    if (incoming === undefined || incoming.isWhole) return true;
    return !incoming.isRefused && !isAwaited && incoming.isNearlyWhole;
  }

  /** The answer has been written: on to the next request, once this one has come and the client reads. */
  #finish(request: IncomingRequest, keeps: boolean): void {
    this.#holdBody(0);
    if (!keeps) return this.#linger();
    request.incoming?.drop();
    if (!this.#stream.isFull) return this.#next();
    void this.#room().then(() => this.#next());
  }

  #next(): void {
    if (this.#isGone) return;
    this.#isAnswered = true;
    this.#advance();
  }

  /** Resolves when the client has taken what was sent, or has gone. */
  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#expectWithin(takeMs);
      this.#onRoom = () => {
        this.#onRoom = undefined;
        this.#expectNothing();
        resolve();
      };
    });
  }

  /** Says goodbye, and gives the client time to read the answer: a reset would take it away. */
  #linger(): void {
    this.#isOver = true;
    this.#request = undefined;
    this.#input.drop(this.#input.length);
    this.#stream.end();
    this.#expectWithin(this.#stream.isFull ? takeMs : lingerMs);
    this.#holdUp();
  }

  #expectWithin(ms: number): void {
    this.#deadline?.cancel();
    this.#deadline = this.#service.runtime.timers.after(ms, () => this.destroy());
  }

  #expectNothing(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
  }

  #leave(): void {
    if (this.#isGone) return;
    this.#isOver = this.#isGone = true;
    this.#holdBody(0);
    this.#expectNothing();
    this.#request?.abandon();
    this.#onRoom?.();
    this.#onGone();
  }
}

function* piecesOf(body: string | Uint8Array): Generator<Uint8Array> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

function chunkOf(piece: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
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

const continueBytes = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');
/** Go's DefaultMaxHeaderBytes, and what it reads ahead. */
const headBytesMax = 2 ** 20 + 4_096;
/** Longer heads are parsed each time. */
const keptBytesMax = 2_048;
/** So much may wait behind a request. */
const pausedBytes = 65_536;
/** From here on a body is not copied behind its head. */
const apartBytes = 4_096;
/** Longer answers are handed to the network in such pieces. */
const pieceBytes = 262_144;
/** From the first byte of a head to its last. */
const headMs = 60_000;
/** Without a further byte of a body. */
const bodyMs = 60_000;
/** Another connection of the client may have taken what was too much. */
const budgetPollMs = 50;
/** Of a body, also when its client, or all, have too much. */
const alwaysHeldBytes = 65_536;
/** Without a piece of an answer being taken. */
const takeMs = 60_000;
/** For an answer to a client that sends no more: it may have gone altogether. */
const lastAnswerMs = 30_000;
/** So long Go waits, too (rstAvoidanceDelay). */
const lingerMs = 500;
