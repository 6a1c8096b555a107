// What a server has promised it keeps over crashes: terms never fall, nor what it knows to be committed while
// it lives. Terms that nobody was told of may be lost in a crash.

import type { RaftState } from '../core/index.ts';
import type { RaftProperty } from './property.ts';

/** The property. */
export function termsRise(): RaftProperty {
  const seen = new WeakMap<RaftState, { term: number; commitIndex: number; appliedIndex: number }>();
  const durable = new Map<string, number>();
  return {
    name: 'terms rise',
    onRan({ id, state, durableTerm }) {
      const { term, commitIndex, appliedIndex } = state;
      const before = seen.get(state) ?? { term: durable.get(id) ?? 0, commitIndex: 0, appliedIndex: 0 };
      const fallen =
        fall('term', before.term, term) ??
        fall('committed entry', before.commitIndex, commitIndex) ??
        fall('applied entry', before.appliedIndex, appliedIndex);
      if (fallen !== undefined) throw new Error(`terms rise: ${id}: ${fallen}`);
      if (appliedIndex > commitIndex)
        throw new Error(`terms rise: ${id} applies ${appliedIndex}, committed is ${commitIndex}`);
      seen.set(state, { term, commitIndex, appliedIndex });
      durable.set(id, durableTerm);
    },
  };
}

function fall(what: string, before: number, after: number): string | undefined {
  return after < before ? `${what} ${before} is followed by ${after}` : undefined;
}
