// What must not outlive the node: streams, waits, rounds under way. Whoever begins something registers how it
// is ended, and takes that back when it has ended by itself.
// Bounded by what is registered: all of it has a deadline or a limit of its own.

/** All that is under way on a node. */
export class Underway {
  readonly #endings = new Set<() => void>();

  /** Registers something; `end` is called if the node stops first. Returns what takes it off again. */
  add(end: () => void): () => void {
    const ending = (): void => end(); // its own, as the same function may be registered twice
    this.#endings.add(ending);
    return () => this.#endings.delete(ending);
  }

  /** The node stops: ends everything. */
  endAll(): void {
    for (const end of this.#endings) end();
    this.#endings.clear();
  }
}
