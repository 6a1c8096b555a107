// A value that is not there yet. Who listens is told in the moment it comes: of thousands that wait for the
// same change one is answered after the other, where promises would take all of them one step, then all of
// them the next, with everything in memory that the steps have made so far. To `await` it is a promise.

import type { Result } from '@reeve/runtime';

/** Who is told of a value, or of the reason why there is none. An object: thousands listen. */
export interface Listener<T> {
  hear(outcome: Result<T>): void;
}

/** Where a value, or the reason why there is none, will come. */
export class Later<T> implements PromiseLike<T> {
  #outcome: Result<T> | undefined;
  #listener: Listener<T> | undefined;

  /** It has come; once. What a listener throws comes out here. */
  settle(outcome: Result<T>): void {
    this.#outcome = outcome;
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.hear(outcome);
  }

  /** Tells a listener, at once if it has come. */
  listen(listener: Listener<T>): void {
    const before = this.#listener;
    if (this.#outcome !== undefined) listener.hear(this.#outcome);
    else if (before === undefined) this.#listener = listener;
    else {
      const hear = (outcome: Result<T>) => {
        before.hear(outcome);
        listener.hear(outcome);
      };
      this.#listener = { hear };
    }
  }

  // biome-ignore lint/suspicious/noThenProperty: whoever has time awaits it
  then<A = T, B = never>(
    onValue?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const promise = new Promise<T>((resolve, reject) => {
      this.listen({ hear: (outcome) => (outcome.ok ? resolve(outcome.value) : reject(outcome.error)) });
    });
    return promise.then(onValue, onError);
  }
}
