// Asynchronous calls on one file, one after the other, each answered by a callback.

import type { DiskError } from '../disk.ts';
import type { Result } from '../network.ts';
import { diskError } from './system-error.ts';

/** A queue of calls. Bounded by the caller, as the contract says. */
export class OrderedCalls {
  readonly #path: string;
  #last: Promise<void> = Promise.resolve();
  #pending = 0;

  /** `path` is for the texts of errors. */
  constructor(path: string) {
    this.#path = path;
  }

  /** True when nothing is under way. */
  get isIdle(): boolean {
    return this.#pending === 0;
  }

  /**
   * Runs `call` when those before it have ended. `done` runs outside of all promises, so that it may throw.
   */
  add<T>(call: () => Promise<T>, done: (result: Result<T, DiskError>) => void): void {
    this.#pending++;
    const tell = (result: Result<T, DiskError>) => {
      this.#pending--;
      process.nextTick(done, result);
    };
    this.#last = this.#last.then(call).then(
      (value) => tell({ ok: true, value }),
      (error: unknown) => tell({ ok: false, error: diskError(error, this.#path) }),
    );
  }
}
