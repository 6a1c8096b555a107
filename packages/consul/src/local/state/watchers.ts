// Who waits for something to happen to a service, beside the state itself. Next: local-state.ts.

/** Ends a watch. */
export type Unwatch = () => void;

/** Those who wait, by the service's id; each is woken once. Bounded by requests and alias checks. */
export class Watchers {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Calls `wake` when something happens to the service. */
  add(id: string, wake: () => void): Unwatch {
    const waiting = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiting.add(wake));
    return () => {
      waiting.delete(wake);
      if (waiting.size === 0 && this.#waiting.get(id) === waiting) this.#waiting.delete(id);
    };
  }

  /** Something has happened. */
  wake(id: string): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    for (const wake of waiting ?? []) wake();
  }
}
