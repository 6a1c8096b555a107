// A stream that writes down what it is told, and complains when the order is wrong.

import type { NetworkError, NetworkStream, StreamHandler } from '../network.ts';

/** What a stream was told. */
export type StreamEvent = 'open' | 'data' | 'end' | 'closed';

/** Wraps callbacks, to notice those from inside a call. */
interface CallbackWatcher {
  callback<Args extends readonly unknown[], T>(callback: (...args: Args) => T): (...args: Args) => T;
}

/** One side of a stream under test. */
export class RecordedStream {
  /** Set by who dialled or accepted. */
  stream: NetworkStream | undefined;
  /** How often it said that it has sent everything. */
  drains = 0;
  readonly chunks: Uint8Array[] = [];
  /** Runs of `data` are one entry. */
  readonly events: StreamEvent[] = [];
  readonly handler: StreamHandler;
  receivedBytes = 0;
  error: NetworkError | undefined;
  /** What a case does when bytes arrive, or their end. */
  onData: (chunk: Uint8Array) => void = () => {};
  onEnd: () => void = () => {};

  constructor(watcher: CallbackWatcher) {
    this.handler = {
      onOpen: watcher.callback(() => this.#enter('open')),
      onData: watcher.callback((chunk: Uint8Array) => {
        this.#enter('data');
        this.chunks.push(chunk);
        this.receivedBytes += chunk.length;
        this.onData(chunk);
      }),
      onDrain: watcher.callback(() => {
        this.drains++;
      }),
      onEnd: watcher.callback(() => {
        this.#enter('end');
        this.onEnd();
      }),
      onClosed: watcher.callback((error?: NetworkError) => {
        this.#enter('closed');
        this.error = error;
      }),
    };
  }

  get isOpen(): boolean {
    return this.events.includes('open');
  }

  get hasEnded(): boolean {
    return this.events.includes('end');
  }

  get isClosed(): boolean {
    return this.events.includes('closed');
  }

  /** All bytes received, joined. */
  received(): Uint8Array {
    const whole = new Uint8Array(this.receivedBytes);
    let at = 0;
    for (const chunk of this.chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }

  #enter(event: StreamEvent): void {
    if (event !== 'data' || this.events.at(-1) !== 'data') this.events.push(event);
  }
}
