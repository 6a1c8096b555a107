// The serving side of net/rpc on one stream: a request is answered, and the answer taken, before the next is
// looked at.
// Upstream: Go's net/rpc server.go (ServeRequest), consul's rpc.go (handleConsulConn).

import { concatBytes, DecodeError, MsgpackObjectStream, MsgpackReader } from '@reeve/bytes';
import {
  type Endpoint,
  endpointText,
  type Log,
  type NetworkError,
  type NetworkStream,
  type Result,
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

/** The bytes of an answer, when they are wanted. */
export type Reply = Result<() => Uint8Array>;

/** A stream that tells whether answers are taken. */
export interface AnsweredStream extends Stream, Pick<NetworkStream, 'isFull'> {
  /** Calls at once, or when its connection has room for another answer. */
  whenRoom(call: () => void): void;
}

/** The handler of a stream on which calls come. */
export class ServedStream implements StreamHandler {
  readonly #stream: AnsweredStream;
  readonly #serve: ServeCall;
  readonly #log: Log;
  readonly #budget: ClientBudget['requests'];
  readonly #objects = new MsgpackObjectStream(requestBytesMax);
  /** The header of the request whose body is still to come. */
  #header: RequestHeader | undefined;
  /** Gives up the call that is being served. */
  #giveUp: (() => void) | undefined;
  #isServing = false;
  #isGoingOn = false;
  /** What the budget has been told: bytes that wait, and those of the request that is being served. */
  #heldBytes = 0;
  #servedBytes = 0;
  #isOver = false;

  constructor(stream: AnsweredStream, serve: ServeCall, log: Log, budget: ClientBudget['requests']) {
    this.#stream = stream;
    this.#serve = serve;
    this.#log = log;
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
    this.#goOn();
  }

  onEnd(): void {
    this.#over();
    this.#stream.end();
  }

  onClosed(_error?: NetworkError): void {
    this.#over();
  }

  /** One request is served, or its answer has not gone yet. */
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
      this.#stream.whenRoom(() => this.#finish(header, reply));
    });
    if (!isAnswered) this.#giveUp = giveUp;
  }

  #finish(header: RequestHeader, reply: Reply): void {
    if (this.#isOver) return;
    this.#isServing = false;
    this.#servedBytes = 0;
    this.#answer(header, reply);
    this.#goOn();
  }

  #answer(header: RequestHeader, reply: Reply): void {
    const error = reply.ok ? '' : reply.error.message;
    const body = reply.ok ? reply.value() : emptyBody;
    this.#stream.write(concatBytes([encodeHeader(responseHeader, { ...header, error }), body]));
  }

  #refuse(reason: string): void {
    this.#log('err', `consul.rpc: RPC error: conn=${endpointText(this.#stream.remote)} error="${reason}"`);
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
    this.#hold();
    this.#giveUp?.();
    this.#giveUp = undefined;
  }
}
