// No junk drawers: a file or folder says what is in it.

import type { Problem } from '../problem.ts';
import type { SourceTree } from '../source-tree.ts';

/** Finds files and folders whose name says nothing. */
export function checkNames(tree: SourceTree): Problem[] {
  return tree.files.flatMap(({ path }) => {
    const word = path.split('/').find((part) => junkNames.test(part));
    if (word === undefined) return [];
    const sentence = `"${word}" says nothing about what is inside; name the concept.`;
    return [{ path, line: 1, rule: 'names', sentence }];
  });
}

const junkNames = /^(.*-)?(utils?|helpers?|misc|common|stuff)(\.[a-z.]+)?$/;
