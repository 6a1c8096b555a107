// How it is judged whether a fault was caught: which tests are asked, and what their end means.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type Fault,
  judgesOf,
  type Result,
  runTest,
  runTestSurely,
  summarize,
  tabulate,
} from '@reeve/mutate';

const folder = mkdtempSync(join(tmpdir(), 'reeve-mutate-test-'));
const write = (name: string, body: string): void => {
  writeFileSync(join(folder, name), `import { test } from 'node:test';\n${body}\n`);
};

before(() => {
  write('passes.mjs', "test('all is well', () => {});");
  write(
    'fails.mjs',
    "test('one', () => {});\ntest('number #2 is wrong', () => { throw new Error('wrong'); });",
  );
  write('crashes.mjs', 'process.exit(3);');
  write('lingers.mjs', "setInterval(() => {}, 1); test('one', () => { throw new Error('wrong'); });");
  write(
    'fails-once.mjs',
    "import { existsSync, writeFileSync } from 'node:fs';\n" +
      "const isFirst = !existsSync('again');\n" +
      "writeFileSync('again', '');\n" +
      "test('one', () => { if (isFirst) throw new Error('busy'); });",
  );
  write('hangs.mjs', "test('without end', () => { for (;;); });");
});

after(() => rmSync(folder, { recursive: true }));

test('a test passes, fails by name, or ends without a word', async () => {
  assert.deepEqual(await runTest(folder, 'passes.mjs'), { kind: 'passed' });
  assert.deepEqual(await runTest(folder, 'fails.mjs'), { kind: 'failed', title: 'number #2 is wrong' });
  assert.deepEqual(await runTest(folder, 'crashes.mjs'), { kind: 'failed', title: 'ended with 3' });
});

test('a test that does not end is ended, and has failed only if it said so', async () => {
  assert.deepEqual(await runTest(folder, 'hangs.mjs', { timeoutMs: 500 }), { kind: 'hung' });
  const lingering = await runTest(folder, 'lingers.mjs', { timeoutMs: 1_500 });
  assert.deepEqual(lingering, { kind: 'failed', title: 'one' });
});

test('a test has failed only if it fails again', async () => {
  assert.deepEqual(await runTestSurely(folder, 'fails-once.mjs'), { kind: 'passed' });
  assert.deepEqual(await runTestSurely(folder, 'crashes.mjs'), { kind: 'failed', title: 'ended with 3' });
});

test('tests about the file are asked first, then the package, then those above; long ones, fuzz last', () => {
  const tests = [
    'packages/bytes/dist-test/crc32.test.js',
    'packages/memberlist/dist-test/fuzz/packets.fuzz.test.js',
    'packages/memberlist/dist-test/rules/alive.test.js',
    'packages/memberlist/dist-test/rules/suspect.test.js',
    'packages/serf/dist-test/cluster.test.js',
    'packages/serf/dist-test/membership.test.js',
    'packages/sim/dist-test/storms-1-100.test.js',
  ];
  const [, fuzz, alive, suspect, cluster, membership, storms] = tests;
  const read = (test: string): string => (test === membership ? "from '../dist/core/join-intent.js';" : '');
  const order = (path: string): readonly string[] => judgesOf(faultIn(path), tests, read);
  const others = [alive, cluster, membership, storms, fuzz];
  assert.deepEqual(order('memberlist/src/core/suspect.ts'), [suspect, ...others]);
  assert.deepEqual(order('serf/src/core/join-intent.ts'), [membership, cluster, storms]);
});

test('before others those are asked that lie in a folder of the name of the file’s', () => {
  const tests = ['dns/zone', 'server/routing', 'simulation/storms', 'state/sessions'].map(
    (name) => `packages/consul/dist-test/${name}.test.js`,
  );
  const [zone, routing, storms, sessions] = tests;
  const order = judgesOf(faultIn('consul/src/server/leader/leadership.ts'), tests, () => '');
  assert.deepEqual(order, [routing, zone, sessions, storms]);
});

test('95 % must be caught; what does not compile was not', () => {
  const fault = faultIn('serf/src/core/query.ts');
  const caught: Result = {
    fault,
    verdict: { kind: 'caught', test: 'x/query.test.js', title: 'a | b' },
    tookMs: 1,
  };
  const survived: Result = { fault, verdict: { kind: 'survived' }, tookMs: 1 };
  const broken: Result = { fault, verdict: { kind: 'does not compile', complaint: 'TS1' }, tookMs: 1 };
  const nineteen = Array.from({ length: 19 }, () => caught);
  assert.deepEqual(summarize([...nineteen, survived]), {
    text: '19 of 20 faults caught, 95.0 %',
    isEnough: true,
  });
  assert.equal(summarize([...nineteen, survived, broken]).isEnough, false);
  assert.deepEqual(tabulate([caught, survived]).slice(2), [
    '| nobody is asked | serf: core/query.ts | query: a \\| b |',
    '| nobody is asked | serf: core/query.ts | **survived** |',
  ]);
});

function faultIn(path: string): Fault {
  return { name: 'nobody is asked', file: `packages/${path}`, original: 'ask();', replacement: '' };
}
