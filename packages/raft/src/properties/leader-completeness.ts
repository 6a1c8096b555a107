// An entry that is committed in one term is in the logs of the leaders of all later terms.

import type { RaftState } from '../core/index.ts';
import type { RaftProperty, WatchedServer } from './property.ts';

/** The property. */
export function leaderCompleteness(): RaftProperty {
  const committed = new CommittedEntries();
  const ledTerm = new Map<string, number>();
  return {
    name: 'leader completeness',
    onRan(server) {
      committed.learn(server);
      const { id, state } = server;
      if (state.role !== 'leader' || ledTerm.get(id) === state.term) return;
      ledTerm.set(id, state.term);
      const index = committed.missingAt(state);
      if (index !== undefined) throw new Error(`leader completeness: ${id} lacks committed entry ${index}`);
    },
  };
}

/** The terms of all entries that any server has known to be committed. */
class CommittedEntries {
  readonly #terms = new Map<number, number>();
  /** Up to where each server was asked, by its id. */
  readonly #learned = new Map<string, number>();
  #last = 0;

  learn({ id, state: { log, commitIndex } }: WatchedServer): void {
    let index = Math.max(this.#learned.get(id) ?? 0, log.snapshot.index) + 1;
    for (; index <= commitIndex; index++) {
      const term = log.termAt(index);
      if (term === undefined) throw new Error(`leader completeness: ${id} has no entry ${index} to commit`);
      const known = this.#terms.get(index) ?? term;
      if (term !== known)
        throw new Error(`leader completeness: entry ${index} is committed in terms ${known} and ${term}`);
      this.#terms.set(index, term);
      this.#last = Math.max(this.#last, index);
    }
    this.#learned.set(id, commitIndex);
  }

  /** The first entry, committed in an earlier term, that a leader has not. */
  missingAt({ log, term }: RaftState): number | undefined {
    for (let index = log.snapshot.index + 1; index <= this.#last; index++) {
      const known = this.#terms.get(index);
      if (known !== undefined && known < term && log.termAt(index) !== known) return index;
    }
    return undefined;
  }
}
