// Each rule on a repository that is sound but for what the rule is about.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readTexts } from '@reeve/tidy';
import { headerProblemWith, problemsWith } from './fixture.ts';

const aliveFile = 'packages/memberlist/src/alive.ts';

test('a sound repository has no problems', () => {
  assert.deepEqual(problemsWith({}), []);
});

test('a line has 110 columns at most, in sources, tests and scripts, and a character is one column', () => {
  const long = `// ${'é'.repeat(108)}\n`;
  for (const path of [aliveFile, 'packages/memberlist/test/x.test.ts', 'scripts/x.mjs']) {
    assert.deepEqual(problemsWith({ [path]: `\n${long}` }), [
      `${path}:2 line-length: 111 columns; a line has at most 110.`,
    ]);
  }
  assert.deepEqual(problemsWith({ [aliveFile]: `// ${'😀'.repeat(107)}\n` }), []);
});

test('a file has 500 lines at most', () => {
  assert.deepEqual(problemsWith({ [aliveFile]: '\n'.repeat(500) }), []);
  const [problem] = problemsWith({ [aliveFile]: '\n'.repeat(501) });
  assert.equal(
    problem,
    `${aliveFile}:1 file-length: 501 lines; a file has at most 500. Split where a name appears.`,
  );
});

test('a function has 70 lines at most, whatever kind it is, but not in tests', () => {
  const body = (lines: number): string => `{\n${'\n'.repeat(lines - 2)}}`;
  const kinds = [
    (lines: number) => `function f() ${body(lines)}`,
    (lines: number) => `const f = () => ${body(lines)};`,
    (lines: number) => `const f = function () ${body(lines)};`,
    (lines: number) => `class C {\n  m() ${body(lines)}\n}`,
    (lines: number) => `class C {\n  #m() ${body(lines)}\n}`,
    (lines: number) => `const o = {\n  m() ${body(lines)},\n};`,
  ];
  for (const kind of kinds) {
    assert.deepEqual(problemsWith({ [aliveFile]: kind(70) }), [], kind(2));
    const [problem, ...more] = problemsWith({ [aliveFile]: kind(71) });
    assert.match(problem ?? '', /^[^ ]+:[12] function-length: 71 lines/, kind(2));
    assert.deepEqual(more, []);
    assert.deepEqual(problemsWith({ 'packages/memberlist/test/x.test.ts': kind(71) }), []);
  }
});

test('a file begins with lines that say what it is about, and not with its name', () => {
  const absent = 'a file begins with a header of // lines that says what it is about.';
  assert.equal(headerProblemWith('// Sizes of things.\n'), undefined);
  assert.equal(headerProblemWith('#!/usr/bin/env node\n// Sizes of things.\n'), undefined);
  assert.equal(headerProblemWith('// Msgpack. Next: size.ts.\n'), undefined);
  for (const text of ['', 'export {};\n', '/** Sizes. */\nexport {};\n', '\n// Sizes.\n', '//Sizes.\n']) {
    assert.equal(headerProblemWith(text), absent, text);
  }
  const named = 'a header does not begin with the name of its file.';
  assert.equal(headerProblemWith('// size.ts – sizes of things.\n'), named);
});

test('constants are in camelCase', () => {
  const sound = 'const sizeMax = 1;\nconst { SIZE } = things;\nSIZE.X = URL;\nconst n = { SIZE };\n';
  assert.deepEqual(problemsWith({ [aliveFile]: sound }), []);
  const shouted = '\nfunction f() {\n  const SIZE_MAX = 1;\n}\nlet MAP;\n';
  assert.deepEqual(problemsWith({ [aliveFile]: shouted }), [
    `${aliveFile}:3 names: SIZE_MAX is in capitals; constants are in camelCase.`,
    `${aliveFile}:5 names: MAP is in capitals; constants are in camelCase.`,
  ]);
});

test('a package imports what it declares and nothing else', () => {
  assert.deepEqual(problemsWith({ [aliveFile]: "import { RE2JS } from 're2js';\n" }), []);
  for (const text of [
    "import { x } from 'lodash';",
    "import type { x } from 'lodash';",
    "export { x } from 'lodash/deep/path.js';",
    "import 'lodash';",
    "const x = import('lodash');",
  ]) {
    assert.deepEqual(problemsWith({ [aliveFile]: `${text}\n` }), [
      `${aliveFile}:1 layers: lodash is not declared in packages/memberlist.`,
    ]);
  }
});

test('arrows point downwards only', () => {
  const upwards = JSON.stringify({ name: '@reeve/bytes', dependencies: { '@reeve/memberlist': '1' } });
  assert.deepEqual(problemsWith({ 'packages/bytes/package.json': upwards, [aliveFile]: '' }), [
    'packages/bytes/package.json:1 layers: @reeve/bytes may not depend on @reeve/memberlist; ' +
      'arrows point downwards only.',
  ]);
});

test('a package that is not on the map is refused', () => {
  const [problem] = problemsWith({ 'packages/extra/package.json': '{"name":"@reeve/extra"}' });
  assert.match(problem ?? '', /^packages\/extra\/package.json:1 layers: @reeve\/extra is not on the map/);
});

test('another package is reached through its exports', () => {
  assert.deepEqual(problemsWith({ [aliveFile]: "import { a } from '@reeve/runtime/virtual';\n" }), []);
  assert.deepEqual(problemsWith({ [aliveFile]: "import { a } from '@reeve/runtime/src/a.ts';\n" }), [
    `${aliveFile}:1 layers: '@reeve/runtime/src/a.ts' is not among the exports of @reeve/runtime.`,
  ]);
});

test('no relative path leaves its package', () => {
  assert.deepEqual(problemsWith({ [aliveFile]: "import { a } from '../../bytes/src/size.ts';\n" }), [
    `${aliveFile}:1 layers: '../../bytes/src/size.ts' leaves the package; import the other package ` +
      'by its name.',
  ]);
});

test('tests may use the test tools and what their package may, and nothing above', () => {
  const path = 'packages/bytes/test/x.test.ts';
  const manifests = { 'packages/fuzz/package.json': '{"name":"@reeve/fuzz","exports":{".":"x"}}' };
  assert.deepEqual(problemsWith({ ...manifests, [path]: "import { a } from '@reeve/fuzz';\n" }), []);
  const above = { 'packages/memberlist/package.json': '{"name":"@reeve/memberlist","exports":{".":"x"}}' };
  assert.deepEqual(
    problemsWith({ ...above, [aliveFile]: '', [path]: "import { a } from '@reeve/memberlist';\n" }),
    [`${path}:1 layers: tests of @reeve/bytes may not import @reeve/memberlist.`],
  );
});

test('imports do not go in circles, not even for types', () => {
  const files = {
    'packages/memberlist/src/a.ts': "import { b } from './b.ts';\n",
    'packages/memberlist/src/b.ts': "import type { c } from './core/c.ts';\n",
    'packages/memberlist/src/core/c.ts': "export { a } from '../a.ts';\nimport './d.ts';\n",
    'packages/memberlist/src/core/d.ts': "import '../b.ts';\n",
    'packages/memberlist/src/core/e.ts': "import './d.ts';\n",
  };
  assert.deepEqual(problemsWith(files), [
    'packages/memberlist/src/a.ts:1 cycles: imports go in a circle: a.ts → b.ts → c.ts → a.ts.',
    'packages/memberlist/src/core/d.ts:1 cycles: imports go in a circle: d.ts → b.ts → c.ts → d.ts.',
  ]);
});

test('a file that imports itself and two separate circles are all found', () => {
  const files = {
    'packages/bytes/src/a.ts': "import './a.ts';\n",
    'packages/bytes/src/b.ts': "import './c.ts';\n",
    'packages/bytes/src/c.ts': "import './b.ts';\nimport './a.ts';\n",
  };
  assert.deepEqual(problemsWith(files), [
    'packages/bytes/src/a.ts:1 cycles: imports go in a circle: a.ts → a.ts.',
    'packages/bytes/src/b.ts:1 cycles: imports go in a circle: b.ts → c.ts → b.ts.',
  ]);
});

test('folders that lie side by side do not import each other, not even over a third', () => {
  const files = {
    'packages/bytes/src/a/one.ts': "import '../b/in/one.ts';\nimport './two.ts';\nimport '../top.ts';\n",
    'packages/bytes/src/a/two.ts': "import './below/one.ts';\n",
    'packages/bytes/src/a/below/one.ts': "import '../three.ts';\n",
    'packages/bytes/src/b/in/one.ts': "import '../two.ts';\n",
    'packages/bytes/src/b/two.ts': "\n\nimport type { it } from '../c/one.ts';\n",
    'packages/bytes/src/c/one.ts': "import '../a/three.ts';\n",
    'packages/bytes/src/d/one.ts': "import '../a/one.ts';\n",
  };
  assert.deepEqual(problemsWith(files), [
    'packages/bytes/src/a/one.ts:1 cycles: folders import each other: a → b → c → a.',
  ]);
  assert.deepEqual(problemsWith({ ...files, 'packages/bytes/src/c/one.ts': '' }), []);
});

test('a core has no clock, no chance, no promise and nothing of Node', () => {
  const impure: [text: string, what: string][] = [
    ['const a = Date.now();', 'Date'],
    ['let a: Date;', 'Date'],
    ['const a = Math.random();', 'Math.random'],
    ['const a = (async () => 1);', 'async'],
    ['const a = { async m() {} };', 'async'],
    ['await f();', 'await'],
    ['for await (const a of b) f(a);', 'await'],
    ['let a: Promise<void>;', 'Promise'],
    ['setTimeout(f, 1);', 'setTimeout'],
    ['f(process.env);', 'process'],
    ['const a = { process };', 'process'],
    ["const a = globalThis['Date'];", 'globalThis'],
    ['console.log(1);', 'console'],
    ['let a: Buffer;', 'Buffer'],
    ["import { a } from 'node:fs';", "'node:fs'"],
  ];
  for (const path of [aliveFile, 'packages/runtime/src/clock.ts', 'packages/runtime/src/virtual/clock.ts']) {
    for (const [text, what] of impure) {
      assert.deepEqual(
        problemsWith({ [path]: `${text}\n` }),
        [`${path}:1 purity: ${what} has no place in a core; ask the runtime for it.`],
        text,
      );
    }
  }
});

test('outside the cores all of that is welcome, and so are properties of the same name inside', () => {
  const impure = "import 'node:fs';\nawait setTimeout(Date.now(), Math.random());\n";
  for (const path of [
    'packages/runtime/src/node/x.ts',
    'packages/serf/src/node/x.ts',
    'packages/bytes/src/x.ts',
    'packages/serf/test/x.test.ts',
  ]) {
    assert.deepEqual(problemsWith({ [path]: impure }), [], path);
  }
  const properties = [
    'f(this.process, a.b.Date, { process: 1, Buffer() {} });',
    'interface I { process: number; console(): void }',
    'class C { Date = 1; process() {} }',
    'Math.floor(random());',
  ];
  assert.deepEqual(problemsWith({ [aliveFile]: `${properties.join('\n')}\n` }), []);
});

test('exports are written out by name', () => {
  for (const text of ["export * from './size.ts';", "export * as all from './size.ts';"]) {
    assert.deepEqual(problemsWith({ 'packages/bytes/src/index.ts': `${text}\n` }), [
      'packages/bytes/src/index.ts:1 exports: write out the names; `export *` hides what is promised.',
    ]);
  }
});

test('every exported declaration has a doc comment right above it', () => {
  const bare = [
    'export const a = 1;',
    'export function a() {}',
    'export class a {}',
    'export interface a {}',
    'export type a = 1;',
    '// not a doc comment\nexport const a = 1;',
    '/* nor this */\nexport const a = 1;',
    '/** Far away. */\n\n// Nearer.\nexport const a = 1;',
    'const a = 1;\nexport { a };',
  ];
  for (const text of bare) {
    const problems = problemsWith({ 'packages/bytes/src/a.ts': `${text}\n` });
    assert.equal(problems.length, 1, text);
    assert.match(problems[0] ?? '', /:\d exports: a has no doc comment/, text);
  }
  const documented = [
    ...bare.slice(0, 5).map((text) => `/** An a. */\n${text}`),
    '/** One. */\nexport function a(x: 1): 1;\nexport function a(x: 2): 2;\nexport function a(x) {}',
    '/** An a. */\nconst a = 1;\nexport { a };',
    "export { b } from './size.ts';",
  ];
  for (const text of documented)
    assert.deepEqual(problemsWith({ 'packages/bytes/src/a.ts': `${text}\n` }), [], text);
});

test('a file or folder name says what is inside', () => {
  for (const name of ['utils.ts', 'helper.ts', 'common/x.ts', 'test-helpers.ts', 'misc.types.ts']) {
    const [problem] = problemsWith({ [`packages/bytes/src/${name}`]: '' });
    assert.match(
      problem ?? '',
      /names: "[^"]+" says nothing about what is inside; name the concept\.$/,
      name,
    );
  }
  assert.deepEqual(problemsWith({ 'packages/bytes/src/common-prefix.ts': '' }), []);
});

test('a file that cannot be parsed is a problem, not the end', () => {
  const [problem, ...more] = problemsWith({ [aliveFile]: 'const = ;\n' });
  assert.match(problem ?? '', /^packages\/memberlist\/src\/alive.ts:1 syntax: SyntaxError/);
  assert.deepEqual(more, []);
});

test('an exemption silences one rule in one file, and is a problem once it is idle', () => {
  const files = { [aliveFile]: `// ${'x'.repeat(110)}\nsetTimeout(f);\n` };
  const exemption = { path: aliveFile, rule: 'line-length', why: 'a test' };
  assert.deepEqual(problemsWith(files, [exemption]), [
    `${aliveFile}:2 purity: setTimeout has no place in a core; ask the runtime for it.`,
  ]);
  assert.deepEqual(problemsWith({}, [exemption]), [
    `${aliveFile}:1 exemptions: the exemption from line-length is not needed; ` +
      'take it out of tools/tidy/exemptions.json.',
  ]);
});

test('a folder of which only what it was built to is left is no workspace', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'reeve-tidy-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const folder of ['packages/gone/dist', 'tools']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{}');
  assert.deepEqual([...readTexts(root).keys()], ['package.json']);
});

test('nothing is exempt in this repository', () => {
  const list = readFileSync(new URL('../exemptions.json', import.meta.url), 'utf8');
  assert.deepEqual(
    JSON.parse(list),
    [],
    'the list may only shrink, and it has been empty from the first day',
  );
});
