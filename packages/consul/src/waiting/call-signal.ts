// How a call hears that nobody waits for its answer any more. An `AbortSignal` of the platform is one, but it
// takes a kilobyte, and every query that waits has one: thousands at a time.

/** Says when nobody waits any more. */
export interface CallSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
  /**
   * A change has woken the call, and perhaps others, which have the same `change`: calls `look`, which may
   * answer it, unless there is an answer from elsewhere.
   */
  woken?: (change: object, look: () => void) => void;
}

/** One that says so once `abort` was called. */
export class CallAbort implements CallSignal {
  woken?: (change: object, look: () => void) => void;
  #listeners: readonly (() => void)[] = nobody;
  #aborted = false;

  get aborted(): boolean {
    return this.#aborted;
  }

  abort(): void {
    const listeners = this.#listeners;
    this.#aborted = true;
    this.#listeners = nobody;
    for (const listener of listeners) listener();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = [...this.#listeners, listener];
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener);
  }
}

const nobody: readonly (() => void)[] = [];
