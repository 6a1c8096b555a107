// If two logs contain an entry with the same index and term, then they are identical up to there.
//
// Checked step by step: an entry is known by index and term, and always has the same content and the same
// term before it; the rest follows by induction.

import type { RaftState } from '../core/index.ts';
import type { RaftProperty } from './property.ts';

/** The property. */
export function logMatching(): RaftProperty {
  const contents = new Map<string, string>();
  /** The terms of what was last looked at on each server: entries up to there were fine. */
  const checked = new Map<string, Map<number, number>>();
  return {
    name: 'log matching',
    onRan({ id, state }) {
      const terms = checked.get(id) ?? new Map<number, number>();
      checked.set(id, terms);
      const { log } = state;
      for (let index = log.lastIndex; index >= log.firstIndex; index--) {
        const term = log.termAt(index) ?? -1;
        if (terms.get(index) === term) break;
        terms.set(index, term);
        const content = contentOf(state, index);
        if (content === undefined) continue;
        const known = contents.get(`${index}/${term}`) ?? content;
        contents.set(`${index}/${term}`, known);
        if (content !== known) throw new Error(`log matching: two entries ${index} of term ${term}`);
      }
    },
  };
}

function contentOf({ log }: RaftState, index: number): string | undefined {
  const entry = log.entryAt(index);
  const before = log.termAt(index - 1);
  if (entry === undefined || before === undefined) return undefined;
  return `${before} ${entry.type} ${Buffer.from(entry.data).toString('latin1')}`;
}
