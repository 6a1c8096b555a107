// One connection to another server, and the questions that wait for their answers on it. It is opened for
// the first question and again for the next after it broke. Upstream: hashicorp/raft net_transport.go
// (netPipeline).
//
// Answers come in the order of the questions. When one is late, or is none, the connection is of no further
// use: all that wait on it fail.

import { DecodeError, MsgpackObjectStream, MsgpackReader } from '@reeve/bytes';
import type { Stream, StreamHandler, Timer, Timers } from '@reeve/runtime';
import { type Answer, type Ask, readAnswer } from '../core/index.ts';

/** Opens a connection to a server on which Raft is spoken: what chooses the protocol has been written. */
export type Connect = (address: string, handler: StreamHandler) => Stream;

/** What becomes of questions. Never called from inside `send`. */
export interface LaneHandler {
  onAnswered(ask: Ask, answer: Answer): void;
  onFailed(ask: Ask, reason: string): void;
}

/** What a lane is made of. */
export interface LaneParts {
  readonly address: string;
  readonly connect: Connect;
  readonly timers: Timers;
  /** How long a question may wait. */
  readonly timeoutMs: number;
  readonly handler: LaneHandler;
}

/** A connection that comes back. */
export class Lane {
  readonly #parts: LaneParts;
  #stream: Stream | undefined;
  #objects = newObjects();
  /** Oldest first. Bounded by what the core asks before it has answers. */
  readonly #waiting: { readonly ask: Ask; readonly endsAtMs: number }[] = [];
  #timer: Timer | undefined;
  readonly #now: () => number;

  constructor(parts: LaneParts, now: () => number) {
    this.#parts = parts;
    this.#now = now;
  }

  /** Asks. `pieces` are written one after the other. */
  send(ask: Ask, pieces: readonly Uint8Array[]): void {
    this.#waiting.push({ ask, endsAtMs: this.#now() + this.#parts.timeoutMs });
    this.#stream ??= this.#open();
    for (const piece of pieces) this.#stream.write(piece);
    this.#watch();
  }

  /** Ends the connection; what waits hears nothing. */
  close(): void {
    this.#waiting.length = 0;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#stream?.destroy();
    this.#stream = undefined;
  }

  #open(): Stream {
    this.#objects = newObjects();
    const stream: Stream = this.#parts.connect(this.#parts.address, {
      onData: (chunk) => {
        if (this.#stream === stream) this.#onData(chunk);
      },
      onEnd: () => {
        if (this.#stream === stream) this.#fail('EOF');
      },
      onClosed: (error) => {
        if (this.#stream === stream) this.#fail(error?.message ?? 'EOF');
      },
    });
    return stream;
  }

  #onData(chunk: Uint8Array): void {
    this.#objects.push(chunk);
    try {
      while (this.#objects.bufferedBytes > 0 && this.#readNext());
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#fail(`malformed answer: ${error.message}`);
    }
  }

  /** False when the next answer is not there yet. */
  #readNext(): boolean {
    const next = this.#waiting[0];
    if (next === undefined) throw new DecodeError('malformed', 'nothing was asked');
    const { ask } = next;
    const bytes = this.#objects.nextInPlace();
    if (bytes === undefined) return false;
    const answer = readAnswer(new MsgpackReader(bytes), ask.request.kind);
    this.#waiting.shift();
    const { handler } = this.#parts;
    if (typeof answer === 'string') handler.onFailed(ask, answer);
    else handler.onAnswered(ask, answer);
    return true;
  }

  #fail(reason: string): void {
    const failed = this.#waiting.splice(0);
    this.close();
    for (const { ask } of failed) this.#parts.handler.onFailed(ask, reason);
  }

  /** One timer for the oldest question; it is looked at again when it fires, not with every answer. */
  #watch(): void {
    const oldest = this.#waiting[0];
    if (this.#timer !== undefined || oldest === undefined) return;
    this.#timer = this.#parts.timers.after(oldest.endsAtMs - this.#now(), () => {
      this.#timer = undefined;
      const late = this.#waiting[0];
      if (late !== undefined && late.endsAtMs <= this.#now()) this.#fail('i/o timeout');
      else this.#watch();
    });
  }
}

function newObjects(): MsgpackObjectStream {
  return new MsgpackObjectStream(answerBytesMax, valuesPerAnswer);
}

const answerBytesMax = 1 << 16;
/** An error and a struct. */
const valuesPerAnswer = 2;
