// No junk drawers: a file or folder says what is in it. And no shouting: constants are written like all other
// names, in camelCase.

import type { Problem } from '../problem.ts';
import type { SourceFile, SourceTree } from '../source-tree.ts';

/** Finds files and folders whose name says nothing, and variables in capitals. */
export function checkNames(tree: SourceTree): Problem[] {
  return tree.files.flatMap((file) => [...checkPath(file), ...checkVariables(file)]);
}

function checkPath({ path }: SourceFile): Problem[] {
  const word = path.split('/').find((part) => junkNames.test(part));
  if (word === undefined) return [];
  const sentence = `"${word}" says nothing about what is inside; name the concept.`;
  return [{ path, line: 1, rule: 'names', sentence }];
}

function checkVariables({ path, facts }: SourceFile): Problem[] {
  const shouted = facts.variables.filter(({ name }) => capitals.test(name));
  return shouted.map(({ name, line }) => {
    const sentence = `${name} is in capitals; constants are in camelCase.`;
    return { path, line, rule: 'names', sentence };
  });
}

const capitals = /^[A-Z][A-Z0-9_]+$/;
const junkNames = /^(.*-)?(utils?|helpers?|misc|common|stuff)(\.[a-z.]+)?$/;
