// One client over TCP: any number of queries one after the other, up to a limit. Compare miekg/dns,
// Server.serveTCPConn, whose times and limits are kept where it has any.
//
// We cannot know how much of our answers a client has read. What may wait for slow ones is bounded by what we
// are willing to answer on one connection, and on all that are open.

import { concatBytes, DecodeError } from '@reeve/bytes';
import type { Runtime, Stream, StreamHandler, Timer } from '@reeve/runtime';
import { FrameReader, frame } from './frame.ts';
import type { Resolver } from './resolver.ts';

/** What all connections of a server have in common. */
export interface TcpService {
  readonly runtime: Runtime;
  readonly resolver: Resolver;
  /** Answered on connections that are open. */
  answeredBytes: number;
}

/** A connection that was accepted. */
export class TcpClient implements StreamHandler {
  readonly #service: TcpService;
  readonly #stream: Stream;
  readonly #onGone: () => void;
  readonly #frames = new FrameReader(queryBytesMax);
  // Bounded by queriesMax.
  readonly #waiting: Uint8Array[] = [];
  #taken = 0;
  #answeredBytes = 0;
  #isAnswering = false;
  /** No more queries are taken. */
  #isOver = false;
  #isGone = false;
  #deadline: Timer;

  constructor(service: TcpService, stream: Stream, onGone: () => void) {
    this.#service = service;
    this.#stream = stream;
    this.#onGone = onGone;
    this.#deadline = service.runtime.timers.after(firstQueryMs, () => this.close());
  }

  onData(chunk: Uint8Array): void {
    if (this.#isOver) return;
    try {
      const queries = this.#frames.push(chunk);
      const some = queries.slice(0, queriesMax - this.#taken);
      this.#taken += some.length;
      this.#waiting.push(...some);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return this.close();
    }
    // Pieces of a query give nobody more time.
    if (this.#waiting.length > 0 && !this.#isAnswering) void this.#answerAll();
  }

  /** A client may say that it has no more questions, and wait for the answers. */
  onEnd(): void {
    this.#isOver = true;
    if (!this.#isAnswering) this.#finish();
  }

  onClosed(): void {
    this.#leave();
  }

  /** Drops the connection. */
  close(): void {
    this.#stream.destroy();
    this.#leave();
  }

  async #answerAll(): Promise<void> {
    this.#isAnswering = true;
    this.#deadline.cancel();
    for (let query = this.#waiting.shift(); query !== undefined; query = this.#waiting.shift()) {
      const answer = await this.#service.resolver.answer(query, 'tcp');
      if (this.#isGone) return;
      if (answer !== undefined) this.#send(answer);
      if (this.#answeredBytes >= answeredBytesMax) this.#waiting.length = 0;
    }
    this.#isAnswering = false;
    const isDone = this.#isOver || this.#taken === queriesMax || this.#answeredBytes >= answeredBytesMax;
    if (isDone) this.#finish();
    else this.#deadline = this.#service.runtime.timers.after(nextQueryMs, () => this.close());
  }

  #send(answer: Uint8Array): void {
    this.#answeredBytes += answer.length;
    this.#service.answeredBytes += answer.length;
    if (this.#service.answeredBytes > allAnsweredBytesMax) return this.close();
    this.#stream.write(concatBytes(frame(answer)));
  }

  /** Sends what is to be sent; who does not take it in time loses it. */
  #finish(): void {
    this.#isOver = true;
    this.#stream.end();
    this.#deadline.cancel();
    this.#deadline = this.#service.runtime.timers.after(nextQueryMs, () => this.close());
  }

  #leave(): void {
    if (this.#isGone) return;
    this.#isOver = this.#isGone = true;
    this.#service.answeredBytes -= this.#answeredBytes;
    this.#waiting.length = 0;
    this.#deadline.cancel();
    this.#onGone();
  }
}

const firstQueryMs = 2_000;
const nextQueryMs = 8_000;
/** On one connection. */
const queriesMax = 128;
/** A name, a question, and options: more is no query for us. */
const queryBytesMax = 4_096;
/** On one connection; a longer answer is still sent whole. */
const answeredBytesMax = 131_072;
/** On all connections together. */
const allAnsweredBytesMax = 16 * 1024 * 1024;
