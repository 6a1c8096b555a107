// What is offered is written out by name and explained where it is declared.

import type { Problem } from '../problem.ts';
import type { SourceTree } from '../source-tree.ts';

/** Finds `export *` and exported declarations without a doc comment. */
export function checkExports(tree: SourceTree): Problem[] {
  return tree.files
    .filter(({ isSource }) => isSource)
    .flatMap(({ path, facts }) => {
      const stars = facts.exports.filter(({ name }) => name === '*');
      const bare = undocumented(facts.exports);
      return [
        ...stars.map(({ line }) => {
          const sentence = 'write out the names; `export *` hides what is promised.';
          return { path, line, rule: 'exports', sentence };
        }),
        ...bare.map(({ name, line }) => {
          const sentence = `${name} has no doc comment: meaning, units, ranges, errors, source.`;
          return { path, line, rule: 'exports', sentence };
        }),
      ];
    });
}

interface Named {
  readonly name: string;
  readonly line: number;
  readonly isDocumented: boolean | undefined;
}

/** Of the overloads of a function one comment is enough. */
function undocumented(exports: readonly Named[]): Named[] {
  const documented = new Set(exports.filter(({ isDocumented }) => isDocumented).map(({ name }) => name));
  return exports.filter(({ name, isDocumented }) => isDocumented === false && !documented.has(name));
}
