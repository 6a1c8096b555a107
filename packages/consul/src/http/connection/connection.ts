// One connection of HTTP/1.1: requests in, one at a time, and their answers in the same order. What a client
// sends ahead (pipelining) waits in a buffer, and when that is full in the network. Upstream: Go's net/http
// server.go (conn.serve, finishRequest). RFC 9112, section 9. Next: send-answer.ts.
//
// Who is slow costs little: a head, the next piece of a body, and the taking of an answer each have a
// deadline. Between requests a connection may be idle for ever, as in the original.

import type { NetworkStream, StreamHandler, Timer } from '@reeve/runtime';
import { whenThere } from '../../waiting/soon.ts';
import { bare } from '../response.ts';
import { BadRequest, headTooLarge } from '../wire/bad-request.ts';
import { isWaiting } from '../wire/known-heads.ts';
import { PendingBytes } from '../wire/pending-bytes.ts';
import { parseRequestHead, type RequestHead } from '../wire/request-head.ts';
import type { ClientBudget } from './client-budget.ts';
import { IncomingRequest } from './incoming-request.ts';
import { type Recipient, sendAnswer } from './send-answer.ts';
import type { HttpService } from './service.ts';

/** A connection that was accepted. */
export class HttpConnection implements StreamHandler, Recipient {
  readonly service: HttpService;
  readonly stream: NetworkStream;
  /** Of its client, all connections together. */
  readonly budget: ClientBudget;
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
    this.service = service;
    this.stream = stream;
    this.budget = budget;
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

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Drops the connection. */
  destroy(): void {
    this.stream.destroy();
    this.#leave();
  }

  /** Whether another request can follow on this connection. */
  keeps({ head, incoming, isAwaited }: IncomingRequest): boolean {
    if (!head.keepsAlive || this.#isOver) return false;
    if (incoming === undefined || incoming.isWhole) return true;
    return !incoming.isRefused && !isAwaited && incoming.isNearlyWhole;
  }

  /** The answer has been written: on to the next request, once this one has come and the client reads. */
  finish(request: IncomingRequest, keeps: boolean): void {
    this.#holdBody(0);
    if (!keeps) return this.#linger();
    request.incoming?.drop();
    if (!this.stream.isFull) return this.#next();
    void this.room().then(() => this.#next());
  }

  /** Resolves when the client has taken what was sent, or has gone. */
  room(): Promise<void> {
    return new Promise((resolve) => {
      this.#expectWithin(takeMs);
      this.#onRoom = () => {
        this.#onRoom = undefined;
        this.#expectNothing();
        resolve();
      };
    });
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
      this.stream.write(Buffer.from(error.response, 'latin1'));
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
    return isWaiting(head) ? this.service.heads.common(head) : head;
  }

  /** False while there is no request. */
  #begin(): boolean {
    const head = this.#takeHead();
    if (head === undefined) return false;
    const request = new IncomingRequest(head, this.stream.remote, (isAwaited) => {
      if (isAwaited) this.stream.write(continueBytes);
      this.#advance();
    });
    this.#request = request;
    const { expect } = head.headers;
    const isUnknown = expect !== '' && expect !== '100-continue';
    if (isUnknown) sendAnswer(this, request, bare(417));
    else {
      if (!request.isAwaited) this.#feed(); // a body that has come with its head is not waited for
      this.#respond(request);
    }
    return true;
  }

  #respond(request: IncomingRequest): void {
    if (this.#isGone) return;
    if (this.budget.answers.isExceeded) {
      this.service.runtime.timers.after(budgetPollMs, () => this.#respond(request));
      return;
    }
    let isAtOnce = true;
    whenThere(this.service.respond(request), (response) => {
      if (isAtOnce) this.#feed(); // what has come of its body decides whether the connection stays
      sendAnswer(this, request, response);
    });
    isAtOnce = false;
  }

  /** Gives the request's body what has come of it. */
  #feed(): void {
    const body = this.#request?.incoming;
    if (body === undefined || body.isWhole || body.isFull) return;
    if (this.#input.length > 0) this.#input.drop(body.feed(this.#input.view));
    this.#holdBody(body.heldBytes);
    if (this.budget.bodies.isExceeded && body.heldBytes > alwaysHeldBytes) return this.destroy();
    if (this.#hasEnded) body.cut();
    if (this.#isAnswered && body.isRefused) return this.#linger();
    if (!body.isWhole && !body.isFull) this.#expectWithin(bodyMs);
    else this.#expectNothing();
  }

  #holdBody(bytes: number): void {
    this.budget.bodies.change(bytes - this.#bodyBytes);
    this.#bodyBytes = bytes;
  }

  /** Reads no further while there is enough to do. */
  #holdUp(): void {
    const isEnough = this.#request !== undefined && this.#input.length >= pausedBytes && !this.#isOver;
    if (isEnough === this.#isPaused || this.#isGone) return;
    this.#isPaused = isEnough;
    if (isEnough) this.stream.pause();
    else this.stream.resume();
  }

  #next(): void {
    if (this.#isGone) return;
    this.#isAnswered = true;
    this.#advance();
  }

  /** Says goodbye, and gives the client time to read the answer: a reset would take it away. */
  #linger(): void {
    this.#isOver = true;
    this.#request = undefined;
    this.#input.drop(this.#input.length);
    this.stream.end();
    this.#expectWithin(this.stream.isFull ? takeMs : lingerMs);
    this.#holdUp();
  }

  #expectWithin(ms: number): void {
    this.#deadline?.cancel();
    this.#deadline = this.service.runtime.timers.after(ms, () => this.destroy());
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

const continueBytes = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');
/** Go's DefaultMaxHeaderBytes, and what it reads ahead. */
const headBytesMax = 2 ** 20 + 4_096;
/** Longer heads are parsed each time. */
const keptBytesMax = 2_048;
/** So much may wait behind a request. */
const pausedBytes = 65_536;
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
