// One connection to another server, and the questions that wait for their answers on it. It is opened for
// the first question and again for the next after it broke. Upstream: hashicorp/raft net_transport.go
// (netPipeline).
//
// Answers come in the order of the questions. When one is late, or is none, the connection is of no further
// use: all that wait on it fail.

import { DecodeError } from '@reeve/bytes';
import type { Stream, StreamHandler, Timer, Timers } from '@reeve/runtime';
import { type Answer, type Ask, readAnswer } from '../core/index.ts';
import { MessageBuffer } from './message-buffer.ts';

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
  #buffer = new MessageBuffer(answerBytesMax);
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
    this.#buffer = new MessageBuffer(answerBytesMax);
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
    this.#buffer.push(chunk);
    try {
      while (this.#buffer.length > 0 && this.#readNext());
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
    const read = this.#buffer.read((reader) => readAnswer(reader, ask.request.kind));
    if (read === undefined) return false;
    this.#waiting.shift();
    const { handler } = this.#parts;
    if (typeof read.message === 'string') handler.onFailed(ask, read.message);
    else handler.onAnswered(ask, read.message);
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

const answerBytesMax = 1 << 16;
