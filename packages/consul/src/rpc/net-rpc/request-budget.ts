// What the requests of one client may take of our memory, all of its streams together: each of thousands
// could hold back the end of a large one.

import { requestsBytesMax } from './limits.ts';

/** The requests of one client that are arriving or being served. */
export class RequestBudget {
  #bytes = 0;

  /** Whether there is room for what is held by now. */
  get isExceeded(): boolean {
    return this.#bytes > requestsBytesMax;
  }

  /** More is held, or (negative) less. */
  change(bytes: number): void {
    this.#bytes += bytes;
  }
}
