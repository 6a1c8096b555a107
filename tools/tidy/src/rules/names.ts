// names.ts – no junk drawers: a file or folder says what is in it.

import type { Problem } from '../problem.ts';
import type { SourceTree } from '../source-tree.ts';

/** Finds files and folders whose name says nothing. */
export function checkNames(tree: SourceTree): Problem[] {
  return tree.files.flatMap(({ path }) => {
    const word = path.split('/').find((part) => JUNK.test(part));
    if (word === undefined) return [];
    const sentence = `"${word}" says nothing about what is inside; name the concept.`;
    return [{ path, line: 1, rule: 'names', sentence }];
  });
}

const JUNK = /^(.*-)?(utils?|helpers?|misc|common|stuff)(\.[a-z.]+)?$/;
