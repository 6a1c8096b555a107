// What has arrived on a stream and was not handed to the core yet.
//
// TCP keeps the bytes and their order, not the borders of writes: chunks are cut and merged as the seed
// decides, so that a core which expects whole messages in a chunk fails in its first test.

import type { Machine } from './machine.ts';
import type { Link } from './wire.ts';

/** Who is given the bytes. */
export interface InboxReader {
  onChunk(chunk: Uint8Array): void;
  /** All bytes were handed on, and there will be no more. */
  onEnd(): void;
}

/** The receive buffer of one end of a stream. Not bounded: the writer's queue is, by contract. */
export class Inbox {
  readonly #machine: Machine;
  readonly #reader: InboxReader;
  readonly #link: Link;
  readonly #arrived: Uint8Array[] = [];
  #bytes = 0;
  #hasEnd = false;
  #isScheduled = false;
  #isPaused = false;

  /** `link` is the way on which the bytes come. */
  constructor(machine: Machine, link: Link, reader: InboxReader) {
    this.#machine = machine;
    this.#link = link;
    this.#reader = reader;
  }

  /** Bytes not handed on yet. */
  get bytes(): number {
    return this.#bytes;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#arrived.push(bytes);
    this.#bytes += bytes.length;
    this.#schedule();
  }

  /** No more will be pushed. */
  finish(): void {
    this.#hasEnd = true;
    this.#schedule();
  }

  /** Nothing is handed on until `resume`. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#bytes > 0 || this.#hasEnd) this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isPaused) return;
    this.#isScheduled = true;
    this.#machine.life.later(this.#link.travelMs() * readDelay, () => this.#handOn());
  }

  #handOn(): void {
    const { life } = this.#machine;
    if (life.messagesWait) return life.whenHeard(() => this.#handOn());
    this.#isScheduled = false;
    if (this.#isPaused) return;
    if (this.#bytes > 0) this.#reader.onChunk(this.#take(this.#machine.network.chunkBytes(this.#bytes)));
    else if (this.#hasEnd) this.#handOnEnd();
    if (this.#bytes > 0 || this.#hasEnd) this.#schedule();
  }

  #handOnEnd(): void {
    this.#hasEnd = false;
    this.#reader.onEnd();
  }

  #take(length: number): Uint8Array {
    const chunk = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const first = this.#arrived[0] ?? new Uint8Array();
      const part = first.subarray(0, length - filled);
      chunk.set(part, filled);
      filled += part.length;
      if (part.length === first.length) this.#arrived.shift();
      else this.#arrived[0] = first.subarray(part.length);
    }
    this.#bytes -= length;
    return chunk;
  }
}

/** Part of the latency that goes by between arrival and reading; bytes that arrive meanwhile are merged. */
const readDelay = 1 / 8;
