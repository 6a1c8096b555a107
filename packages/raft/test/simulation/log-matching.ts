// If two logs contain an entry with the same index and term, then they are identical up to there.
//
// Checked step by step: an entry is known by index and term, and always has the same content and the same
// term before it; the rest follows by induction.

import assert from 'node:assert/strict';
import type { RaftNode } from '@reeve/raft';
import type { Checker } from './checker.ts';

/** The property. */
export function logMatching(): Checker {
  const contents = new Map<string, string>();
  /** What was last looked at on each server: entries up to there were fine. */
  const checked = new Map<string, Map<number, number>>();
  return {
    name: 'log matching',
    onRan({ id }, node) {
      const terms = checked.get(id) ?? new Map<number, number>();
      checked.set(id, terms);
      const { log } = node.state;
      for (let index = log.lastIndex; index >= log.firstIndex; index--) {
        const term = log.termAt(index) ?? -1;
        if (terms.get(index) === term) break;
        terms.set(index, term);
        const content = contentOf(node, index);
        if (content === undefined) continue;
        const known = contents.get(`${index}/${term}`) ?? content;
        contents.set(`${index}/${term}`, known);
        assert.equal(content, known, `log matching: two entries ${index} of term ${term}`);
      }
    },
  };
}

function contentOf({ state }: RaftNode, index: number): string | undefined {
  const entry = state.log.entryAt(index);
  const before = state.log.termAt(index - 1);
  if (entry === undefined || before === undefined) return undefined;
  return `${before} ${entry.type} ${Buffer.from(entry.data).toString('latin1')}`;
}
