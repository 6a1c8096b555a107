// Carries the agent's own to the catalog, one round at a time: rounds would overtake each other.
// Upstream: agent/local/state.go (SyncFull, SyncChanges). Next: anti-entropy.ts, which says when.

import { markDifferences } from './differences.ts';
import { pushChanges } from './push-changes.ts';
import type { SyncContext } from './sync-context.ts';

/** Rounds of synchronization. */
export class CatalogSync {
  readonly #context: SyncContext;
  #last: Promise<void> = Promise.resolve();
  /** A partial round that has not begun: it will do for everybody who asks before it does. */
  #next: Promise<void> | undefined;

  constructor(context: SyncContext) {
    this.#context = context;
  }

  /** Finds out what the catalog has, and corrects it. Rejects if a server cannot be asked. */
  syncFull(): Promise<void> {
    return this.#after(async () => {
      await markDifferences(this.#context);
      await pushChanges(this.#context);
    });
  }

  /** Tells the catalog what is known to differ. Rejects if that fails; nothing is lost then. */
  syncChanges(): Promise<void> {
    this.#next ??= this.#after(() => {
      this.#next = undefined;
      return pushChanges(this.#context);
    });
    return this.#next;
  }

  /** The node's description has changed. */
  markNode(): void {
    this.#context.isNodeInSync = false;
  }

  #after(round: () => Promise<void>): Promise<void> {
    const done = this.#last.then(round);
    this.#last = done.catch(() => {}); // told to whoever asked for that round
    return done;
  }
}
