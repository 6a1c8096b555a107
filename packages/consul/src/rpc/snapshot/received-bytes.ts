// The bytes of a stream as something to iterate over. What is not taken fast enough waits here, up to a
// bound; a stream that was accepted is held back before that.

import type { AcceptedStream } from '@reeve/runtime';

/** Bytes in as they arrive, and out as they are asked for, once. */
export class ReceivedBytes implements AsyncIterable<Uint8Array> {
  readonly #bytesMax: number;
  readonly #flow: Pick<AcceptedStream, 'pause' | 'resume'> | undefined;
  // Bounded by bytesMax.
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #end: { readonly error: Error | undefined } | undefined;
  #wake: () => void = () => {};

  /**
   * @param bytesMax more waiting bytes than these are an error.
   * @param flow holds the stream back.
   */
  constructor(bytesMax: number, flow?: Pick<AcceptedStream, 'pause' | 'resume'>) {
    this.#bytesMax = bytesMax;
    this.#flow = flow;
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
    if (this.#waitingBytes > this.#bytesMax / 2) this.#flow?.pause();
    this.#wake();
  }

  /** Nothing more comes; whoever iterates hears of the error after what has come. The first end counts. */
  end(error?: Error): void {
    this.#end ??= { error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const chunk = this.#waiting.shift();
      if (chunk !== undefined) {
        this.#waitingBytes -= chunk.length;
        if (this.#waitingBytes <= this.#bytesMax / 4) this.#flow?.resume();
        yield chunk;
      } else if (this.#end !== undefined) {
        if (this.#end.error !== undefined) throw this.#end.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
