// The serving side of net/rpc on one stream: a request is answered, and the answer taken, before the next is
// looked at. A long answer is encoded a piece a turn of the event loop, as it is taken.
// Upstream: Go's net/rpc server.go (ServeRequest), consul's rpc.go (handleConsulConn).

import { concatBytes, DecodeError, MsgpackObjectStream, MsgpackReader, type Pieces } from '@reeve/bytes';
import {
  type Endpoint,
  endpointText,
  type NetworkError,
  type NetworkStream,
  type Result,
  type Runtime,
  type Stream,
  type StreamHandler,
} from '@reeve/runtime';
import type { ClientBudget } from '../client-budget.ts';
import { emptyBody, encodeHeader, type RequestHeader, requestHeader, responseHeader } from './headers.ts';
import { requestBytesMax } from './limits.ts';

/** One call as it came. */
export interface ServedCall {
  /** `KVS.Get` */
  readonly method: string;
  /** The request, one msgpack value. */
  readonly body: Uint8Array;
  readonly caller: Endpoint;
}

/**
 * Serves one call; `answer` is to be called once, later or at once, with what encodes the reply when there is
 * room for it, or with what the caller is to be told. Throws the `DecodeError` of a body that is none: the
 * stream is closed then, as upstream does. What is returned is called if the caller goes before it has its
 * answer.
 */
export type ServeCall = (call: ServedCall, answer: (reply: Reply) => void) => () => void;

/** The bytes of an answer, when they are wanted: all, or a piece after the other. */
export type Reply = Result<() => Uint8Array | Pieces>;

/** A stream that tells whether answers are taken. */
export interface AnsweredStream extends Stream, Pick<NetworkStream, 'isFull'> {
  /** Calls at once, or when its connection has room for another answer. */
  whenRoom(call: () => void): void;
}

/** The handler of a stream on which calls come. */
export class ServedStream implements StreamHandler {
  readonly #stream: AnsweredStream;
  readonly #serve: ServeCall;
  readonly #runtime: Pick<Runtime, 'log' | 'timers'>;
  readonly #budget: ClientBudget['requests'];
  readonly #objects = new MsgpackObjectStream(requestBytesMax);
  /** The header of the request whose body is still to come. */
  #header: RequestHeader | undefined;
  /** Gives up the call that is being served. */
  #giveUp: (() => void) | undefined;
  /** What is still to be sent of an answer, while nobody takes what was. */
  #rest: Pieces | undefined;
  #isServing = false;
  #isGoingOn = false;
  /** What the budget has been told: bytes that wait, and those of the request that is being served. */
  #heldBytes = 0;
  #servedBytes = 0;
  #isOver = false;

  constructor(
    stream: AnsweredStream,
    serve: ServeCall,
    runtime: Pick<Runtime, 'log' | 'timers'>,
    budget: ClientBudget['requests'],
  ) {
    this.#stream = stream;
    this.#serve = serve;
    this.#runtime = runtime;
    this.#budget = budget;
  }

  onData(chunk: Uint8Array): void {
    if (this.#isOver) return;
    this.#objects.push(chunk);
    if (this.#isHeldUp && this.#objects.bufferedBytes > requestBytesMax) {
      return this.#refuse(`${this.#objects.bufferedBytes} bytes of requests wait behind one`);
    }
    this.#goOn();
    if (this.#budget.isExceeded && !this.#isOver)
      this.#refuse('the requests of this client take too much memory');
  }

  onDrain(): void {
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest === undefined) this.#goOn();
    else this.#sendOn(rest);
  }

  onEnd(): void {
    this.#over();
    this.#stream.end();
  }

  onClosed(_error?: NetworkError): void {
    this.#over();
  }

  /** One request is served and answered, or its answer has not gone yet. */
  get #isHeldUp(): boolean {
    return this.#isServing || this.#stream.isFull;
  }

  /** What is answered at once is gone on from in the loop that is still there: calls must not nest. */
  #goOn(): void {
    if (this.#isGoingOn) return;
    this.#isGoingOn = true;
    this.#serveNext();
    this.#isGoingOn = false;
    this.#hold();
  }

  #serveNext(): void {
    try {
      while (!this.#isHeldUp && !this.#isOver) {
        const object = this.#objects.next();
        if (object === undefined) return;
        if (this.#header === undefined) this.#header = requestHeader.decode(new MsgpackReader(object));
        else this.#serveCall(this.#header, object);
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#refuse(error.message);
    }
  }

  #serveCall(header: RequestHeader, body: Uint8Array): void {
    this.#header = undefined;
    this.#isServing = true;
    this.#servedBytes = body.length;
    let isAnswered = false;
    const giveUp = this.#serve({ method: header.method, body, caller: this.#stream.remote }, (reply) => {
      if (isAnswered || this.#isOver) return;
      isAnswered = true;
      this.#giveUp = undefined;
      this.#stream.whenRoom(() => this.#answer(header, reply));
    });
    if (!isAnswered) this.#giveUp = giveUp;
  }

  #answer(header: RequestHeader, reply: Reply): void {
    if (this.#isOver) return;
    const error = reply.ok ? '' : reply.error.message;
    const body = reply.ok ? reply.value() : emptyBody;
    const first = body instanceof Uint8Array ? { done: true, value: body } : body.next();
    this.#stream.write(concatBytes([encodeHeader(responseHeader, { ...header, error }), first.value]));
    if (first.done === true || body instanceof Uint8Array) this.#finish();
    else this.#sendOn(body);
  }

  /** The next piece of a long answer, in a turn of its own, as soon as there is room for it. */
  #sendOn(pieces: Pieces): void {
    if (this.#stream.isFull) this.#rest = pieces;
    else this.#stream.whenRoom(() => this.#runtime.timers.after(0, () => this.#sendPiece(pieces)));
  }

  #sendPiece(pieces: Pieces): void {
    if (this.#isOver) return;
    const { done, value } = pieces.next();
    this.#stream.write(value);
    if (done === true) this.#finish();
    else this.#sendOn(pieces);
  }

  #finish(): void {
    this.#isServing = false;
    this.#servedBytes = 0;
    this.#goOn();
  }

  #refuse(reason: string): void {
    this.#runtime.log(
      'err',
      `consul.rpc: RPC error: conn=${endpointText(this.#stream.remote)} error="${reason}"`,
    );
    this.#over();
    this.#stream.destroy();
  }

  #hold(): void {
    const bytes = this.#isOver ? 0 : this.#objects.heldBytes + this.#servedBytes;
    this.#budget.change(bytes - this.#heldBytes);
    this.#heldBytes = bytes;
  }

  #over(): void {
    this.#isOver = true;
    this.#rest = undefined;
    this.#hold();
    this.#giveUp?.();
    this.#giveUp = undefined;
  }
}
