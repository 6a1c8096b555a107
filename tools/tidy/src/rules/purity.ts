// The protocol is a function of bytes, time and chance. In the cores nothing may reach for a
// clock, a random number, a promise, a file or a socket on its own: the injected runtime brings them, so that
// the same object runs on sockets and in a simulation. The compiler already hides Node's types there; this
// rule finds what the language itself offers.

import type { Problem } from '../problem.ts';
import type { SourceTree } from '../source-tree.ts';

/** Finds impure names and imports in the cores. */
export function checkPurity(tree: SourceTree): Problem[] {
  return tree.files
    .filter(({ path }) => pureFiles.test(path))
    .flatMap(({ path, facts }) => {
      const problem = (line: number, what: string): Problem => {
        const sentence = `${what} has no place in a core; ask the runtime for it.`;
        return { path, line, rule: 'purity', sentence };
      };
      const names = facts.names.filter(({ name }) => impureNames.has(name));
      const imports = facts.imports.filter(({ specifier }) => specifier.startsWith('node:'));
      return [
        ...names.map(({ name, line }) => problem(line, name)),
        ...imports.map(({ specifier, line }) => problem(line, `'${specifier}'`)),
      ];
    });
}

/**
 * All of memberlist and sim; of serf, raft and consul the core, of serf also the agent's part; of runtime the
 * contract and the virtual world, not what implements it with Node.
 */
const pureFolders = [
  'memberlist/src/.*',
  'sim/src/.*',
  '(serf|raft|consul)/src/core/.*',
  'serf/src/(agent/.*|re2)',
  'runtime/src/(virtual/.*|[^/]*)',
];
const pureFiles = new RegExp(`^packages/(${pureFolders.join('|')})\\.ts$`);
const impureNames = new Set([
  'async',
  'await',
  'Promise',
  'Date',
  'Math.random',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'crypto',
  'process',
  'console',
  'globalThis',
  'Buffer',
]);
