// An entry that is committed in one term is in the logs of the leaders of all later terms.

import assert from 'node:assert/strict';
import type { Checker } from './checker.ts';

/** The property. */
export function leaderCompleteness(): Checker {
  const committed = new Map<number, number>();
  const seenCommit = new Map<string, number>();
  const ledTerm = new Map<string, number>();
  let lastCommitted = 0;
  return {
    name: 'leader completeness',
    onRan({ id }, { state }) {
      const { log, commitIndex, term } = state;
      for (
        let index = Math.max(seenCommit.get(id) ?? 0, log.snapshot.index) + 1;
        index <= commitIndex;
        index++
      ) {
        const termHere = log.termAt(index);
        assert.notEqual(termHere, undefined, `entry ${index} is committed and not there`);
        const known = committed.get(index) ?? termHere ?? 0;
        committed.set(index, known);
        assert.equal(termHere, known, `two entries ${index} are committed`);
        lastCommitted = Math.max(lastCommitted, index);
      }
      seenCommit.set(id, commitIndex);
      if (state.role !== 'leader' || ledTerm.get(id) === term) return;
      ledTerm.set(id, term);
      for (let index = log.snapshot.index + 1; index <= lastCommitted; index++) {
        const known = committed.get(index);
        if (known === undefined || known >= term) continue;
        assert.equal(log.termAt(index), known, `leader completeness: ${id} lacks committed entry ${index}`);
      }
    },
  };
}
