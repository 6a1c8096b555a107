// The bytes of a stream as something to iterate over. A stream cannot be held back, so what is not taken
// fast enough waits here, up to a bound.

/** Bytes in as they arrive, and out as they are asked for, once. */
export class ReceivedBytes implements AsyncIterable<Uint8Array> {
  readonly #bytesMax: number;
  // Bounded by bytesMax.
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #end: { readonly error: Error | undefined } | undefined;
  #wake: () => void = () => {};

  /** @param bytesMax more waiting bytes than these are an error. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  push(chunk: Uint8Array): void {
    if (this.#end !== undefined || chunk.length === 0) return;
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > this.#bytesMax)
      return this.end(new Error(`more than ${this.#bytesMax} bytes wait`));
    this.#waiting.push(chunk);
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
