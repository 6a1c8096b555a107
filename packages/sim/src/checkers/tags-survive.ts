// An agent that keeps its tags in a file comes back with those it had when its process or the power went. Of
// a change that went on at that time either end will do.

import type { Tags } from '@reeve/serf/core';
import type { SimNode } from '../cluster/node.ts';
import type { Checker } from './checker.ts';

/** See `property`. */
export function tagsSurvive(): Checker {
  /** What each may have now; the last were asked for last. Without a change for long it is one. */
  const possible = new Map<SimNode, readonly Tags[]>();
  const possibleAt = (node: SimNode): readonly Tags[] => possible.get(node) ?? [new Map()];
  return {
    property: 'tags that are kept in a file survive',
    onTags(node, tags, step) {
      const before = possibleAt(node);
      if (step === 'asked') possible.set(node, [...before, tags]);
      else if (before.includes(tags)) possible.set(node, before.slice(before.indexOf(tags)));
      return undefined;
    },
    onStarted(node) {
      if (node.settings.tagsFile === '') return undefined;
      const tags = node.serf?.tags ?? new Map();
      const expected = possibleAt(node);
      possible.set(node, [tags]);
      if (expected.some((some) => describe(some) === describe(tags))) return undefined;
      return `${node.name} came back as ${describe(tags)}, not ${expected.map(describe).join(' or ')}`;
    },
  };
}

function describe(tags: Tags): string {
  return (
    [...tags]
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join(',') || 'no tags'
  );
}
