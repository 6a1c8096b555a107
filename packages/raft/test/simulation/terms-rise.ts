// What a server has promised it keeps over crashes: terms never fall, nor what it knows to be committed while
// it lives.

import assert from 'node:assert/strict';
import type { RaftNode } from '@reeve/raft';
import type { Checker } from './checker.ts';

/** The property. Terms that nobody was told of may be lost in a crash. */
export function termsRise(): Checker {
  const seen = new WeakMap<RaftNode, { term: number; commitIndex: number; appliedIndex: number }>();
  const durable = new Map<string, number>();
  return {
    name: 'terms rise',
    onRan({ id, disk }, node) {
      const { term, commitIndex, appliedIndex } = node.state;
      const before = seen.get(node) ?? { term: durable.get(id) ?? 0, commitIndex: 0, appliedIndex: 0 };
      assert.ok(term >= before.term, `term ${before.term} is followed by ${term}`);
      assert.ok(
        commitIndex >= before.commitIndex,
        `commit ${before.commitIndex} is followed by ${commitIndex}`,
      );
      assert.ok(appliedIndex >= before.appliedIndex, 'something applied is to be applied again');
      assert.ok(appliedIndex <= commitIndex, 'something is applied that is not committed');
      seen.set(node, { term, commitIndex, appliedIndex });
      durable.set(id, disk.hardState.term);
    },
  };
}
