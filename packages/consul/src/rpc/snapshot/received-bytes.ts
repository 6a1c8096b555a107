// The bytes of a stream as something to iterate over. What is not taken fast enough waits here, up to a
// bound; the stream is held back before that.

import type { NetworkStream } from '@reeve/runtime';

/** Bytes in as they arrive, and out as they are asked for, once. */
export class ReceivedBytes implements AsyncIterableIterator<Uint8Array> {
  readonly #bytesMax: number;
  readonly #flow: Pick<NetworkStream, 'pause' | 'resume'>;
  readonly #onLeft: () => void;
  // Bounded by bytesMax.
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #end: { readonly error: Error | undefined } | undefined;
  #wake: () => void = () => {};

  /**
   * @param bytesMax more waiting bytes than these are an error.
   * @param flow holds the stream back.
   * @param onLeft whoever iterates wants no more, before the end.
   */
  constructor(
    bytesMax: number,
    flow: Pick<NetworkStream, 'pause' | 'resume'>,
    onLeft: () => void = () => {},
  ) {
    this.#bytesMax = bytesMax;
    this.#flow = flow;
    this.#onLeft = onLeft;
  }

  /** There is something that nobody has taken. */
  get isWaiting(): boolean {
    return this.#waitingBytes > 0;
  }

  push(chunk: Uint8Array): void {
    if (this.#end !== undefined || chunk.length === 0) return;
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > this.#bytesMax)
      return this.end(new Error(`more than ${this.#bytesMax} bytes wait`));
    this.#waiting.push(chunk);
    if (this.#waitingBytes > this.#bytesMax / 2) this.#flow.pause();
    this.#wake();
  }

  /** Nothing more comes; whoever iterates hears of the error after what has come. The first end counts. */
  end(error?: Error): void {
    this.#end ??= { error };
    this.#wake();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const value = this.#waiting.shift();
      if (value !== undefined) {
        this.#waitingBytes -= value.length;
        if (this.#waitingBytes <= this.#bytesMax / 4) this.#flow.resume();
        return { done: false, value };
      }
      if (this.#end?.error !== undefined) throw this.#end.error;
      if (this.#end !== undefined) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#end === undefined) this.#onLeft();
    this.end();
    return { done: true, value: undefined };
  }
}
