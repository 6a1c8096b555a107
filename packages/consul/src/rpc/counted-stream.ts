// A connection to the server port, as its handlers have it: what is written and not taken counts against its
// client, and whoever drops it, its client has one less. Next: client-budget.ts.

import type { Endpoint, NetworkStream, Timers } from '@reeve/runtime';
import type { ClientBudget } from './client-budget.ts';
import type { AnsweredStream } from './net-rpc/served-stream.ts';

/** A stream that tells when it is gone, whoever drops it. */
export class CountedStream implements NetworkStream, AnsweredStream {
  /** What its client may take of our memory. */
  readonly budget: ClientBudget;
  readonly #stream: NetworkStream;
  readonly #timers: Timers;
  /** What was written and not taken. */
  #queuedBytes = 0;
  #onGone: (() => void) | undefined;

  constructor(stream: NetworkStream, timers: Timers, budget: ClientBudget, onGone: () => void) {
    this.#stream = stream;
    this.#timers = timers;
    this.budget = budget;
    this.#onGone = onGone;
  }

  get remote(): Endpoint {
    return this.#stream.remote;
  }

  get isFull(): boolean {
    return this.#stream.isFull;
  }

  /** There is nothing that should be taken first, here or on another connection of this client. */
  get hasRoom(): boolean {
    return !this.#stream.isFull && !this.budget.answers.isExceeded;
  }

  /** Its own stream serves nothing while it is full. */
  whenRoom(call: () => void): void {
    if (!this.budget.answers.isExceeded || this.#onGone === undefined) call();
    else this.#timers.after(roomPollMs, () => this.whenRoom(call));
  }

  /** All that was written has been taken. */
  onTaken(): void {
    this.budget.answers.change(-this.#queuedBytes);
    this.#queuedBytes = 0;
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  write(bytes: Uint8Array): void {
    this.#stream.write(bytes);
    if (!this.#stream.isFull || this.#onGone === undefined) return;
    this.#queuedBytes += bytes.length;
    this.budget.answers.change(bytes.length);
  }

  writeAll(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) this.write(piece);
  }

  end(): void {
    this.#stream.end();
  }

  destroy(): void {
    this.release();
    this.#stream.destroy();
  }

  /** The connection has closed by itself. */
  release(): void {
    this.onTaken();
    this.#onGone?.();
    this.#onGone = undefined;
  }
}

/** Another connection of the client may have taken what was too much. */
const roomPollMs = 50;
