// Finds compiled tests and runs them with Node's runner.
//
// The list is made from the sources (`packages/X/test/**`), not from what lies in `dist-test/`: a test that
// was deleted or renamed leaves its old output there.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { rootFolder } from './bootstrap.mjs';

/**
 * The compiled files of all tests whose path holds one of the filters (none given: all), in a stable order.
 * `suffix` names the kind: `.test.ts` for every test, `.fuzz.test.ts` for fuzz targets.
 */
export function findTests({ filters = [], suffix = '.test.ts' } = {}) {
  const tests = ['packages', 'tools'].flatMap((folder) =>
    readdirSync(join(rootFolder, folder)).flatMap((name) => testsOf(`${folder}/${name}`, suffix)),
  );
  const isAsked = (test) => filters.length === 0 || filters.some((filter) => test.includes(filter));
  return tests.filter(isAsked).map((test) => test.replace('/test/', '/dist-test/').replace(/\.ts$/, '.js'));
}

/** Whether a test needs the real programs: it lies in the workspace, or a folder, called interop. */
export function isInterop(file) {
  return file.split('/').includes('interop');
}

/**
 * Runs compiled test files, as many at once as there are cores. Returns the result of the runner's process.
 */
export function runTests(files, { reporters = specReporter, env = process.env, stdio = 'inherit' } = {}) {
  const options = [`--test-concurrency=${availableParallelism()}`, `--test-timeout=${testTimeoutMs}`];
  return spawnSync(process.execPath, ['--test', ...options, ...reporters, ...files], {
    cwd: rootFolder,
    env,
    stdio,
    encoding: 'utf8',
    maxBuffer: reportBytesMax,
  });
}

/** Names every test as it ends, and ends with the summary. */
export const specReporter = ['--test-reporter=spec', '--test-reporter-destination=stdout'];

function testsOf(workspace, suffix) {
  const folder = join(rootFolder, workspace, 'test');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(suffix))
    .sort()
    .map((file) => `${workspace}/test/${file.replaceAll('\\', '/')}`);
}

/**
 * No test, and no file of tests, may hang the run; the slowest take five minutes on a machine that is not
 * busy.
 */
const testTimeoutMs = 1_200_000;

/** The largest report that is kept instead of shown (fuzz.mjs). */
const reportBytesMax = 64 * 1024 * 1024;
