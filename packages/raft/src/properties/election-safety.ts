// At most one leader can be elected in a given term.

import type { RaftProperty } from './property.ts';

/** The property. */
export function electionSafety(): RaftProperty {
  const leaders = new Map<number, string>();
  return {
    name: 'election safety',
    onRan({ id, state: { role, term } }) {
      if (role !== 'leader') return;
      const first = leaders.get(term) ?? id;
      leaders.set(term, first);
      if (first !== id) throw new Error(`election safety: ${first} and ${id} lead in term ${term}`);
    },
  };
}
