// At most one leader can be elected in a given term.

import assert from 'node:assert/strict';
import type { Checker } from './checker.ts';

/** The property. */
export function electionSafety(): Checker {
  const leaders = new Map<number, string>();
  return {
    name: 'election safety',
    onRan({ id }, { state }) {
      if (state.role !== 'leader') return;
      const other = leaders.get(state.term) ?? id;
      leaders.set(state.term, other);
      assert.equal(id, other, `election safety: two leaders in term ${state.term}`);
    },
  };
}
