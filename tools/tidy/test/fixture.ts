// A small repository in memory that breaks no rule, to which a test adds what it is about.

import { buildTree, checkTree, type Exemption, formatProblem, type Problem } from '@reeve/tidy';

/**
 * Checks the sound repository with these files added or replaced; the result is one line a problem. Headers
 * are left out, because what a test adds is about something else.
 */
export function problemsWith(files: Record<string, string>, exemptions: readonly Exemption[] = []): string[] {
  const problems = check(files, exemptions);
  return problems.filter(({ rule }) => rule !== 'header').map(formatProblem);
}

/** What is found about the header of one file. */
export function headerProblemWith(text: string): string | undefined {
  const path = 'packages/bytes/src/size.ts';
  return check({ [path]: text }, []).find((problem) => problem.rule === 'header' && problem.path === path)
    ?.sentence;
}

function check(files: Record<string, string>, exemptions: readonly Exemption[]): Problem[] {
  return checkTree(buildTree(new Map(Object.entries({ ...soundFiles, ...files }))), exemptions);
}

function manifest(name: string, dependencies: Record<string, string>, entries: string[] = ['.']): string {
  const exports = Object.fromEntries(entries.map((entry) => [entry, './dist/index.js']));
  return JSON.stringify({ name: `@reeve/${name}`, dependencies, exports });
}

const soundFiles = {
  'package.json': JSON.stringify({ devDependencies: { 'fast-check': '1' } }),
  'packages/bytes/package.json': manifest('bytes', {}),
  'packages/bytes/src/index.ts': "export { size } from './size.ts';\n",
  'packages/bytes/src/size.ts': '/** Bytes of a thing. */\nexport const size = 1;\n',
  'packages/runtime/package.json': manifest('runtime', {}, ['.', './virtual']),
  'packages/runtime/src/index.ts': '/** Time. */\nexport interface Clock {\n  now(): number;\n}\n',
  'packages/memberlist/package.json': manifest('memberlist', {
    '@reeve/bytes': '1',
    '@reeve/runtime': '1',
    re2js: '2',
  }),
  'packages/memberlist/src/alive.ts':
    "import { size } from '@reeve/bytes';\n/** Twice. */\nexport const two = size * 2;\n",
  'packages/memberlist/test/alive.test.ts': [
    "import assert from 'node:assert/strict';",
    "import { readWire } from '@reeve/golden';",
    "import { two } from '@reeve/memberlist';",
    "import * as fc from 'fast-check';",
    "import { inner } from '../dist/inner.js';",
    '',
  ].join('\n'),
  'tools/golden/package.json': manifest('golden', {}),
  'scripts/test.mjs': "await import('node:fs');\n",
};
