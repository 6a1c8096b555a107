// Signals one after the other, for a command that does one thing at a time: what arrives while it is busy
// waits.

import { onSignals, type SignalName, type SignalSource } from './signals.ts';

/** The signals that reached the process and were not taken yet. */
export class SignalQueue {
  // Bounded by waitingMax; like Go's channel it drops what finds it full.
  readonly #waiting: SignalName[] = [];
  #wake = (): void => {};
  readonly #stop: () => void;

  constructor(source: SignalSource, signals: readonly SignalName[]) {
    this.#stop = onSignals(source, signals, (signal) => {
      if (this.#waiting.length < waitingMax) this.#waiting.push(signal);
      this.#wake();
    });
  }

  /** The next signal. Only one call may be waiting. */
  async next(): Promise<SignalName> {
    for (;;) {
      const signal = this.#waiting.shift();
      if (signal !== undefined) return signal;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Gives the signals back to whoever had them. */
  close(): void {
    this.#stop();
  }
}

const waitingMax = 4;
