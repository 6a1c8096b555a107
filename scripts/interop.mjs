// `npm run interop`: only the tests against the real programs. Here a skipped test is a failure: whoever
// calls this wants to know that we still speak with them. Words as arguments choose test files, as in
// test.mjs.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, say } from './bootstrap.mjs';
import { findTests, isInterop, runTests, specReporter } from './test-files.mjs';

const missing = ['SERF_BIN', 'SERF_BIN_0_10', 'CONSUL_BIN'].filter((name) => !process.env[name]);
if (missing.length > 0) {
  const programs = 'the real Serf 0.9.4 and 0.10.1, and Consul 1.8.7';
  say(`The interop tests need ${programs}: set ${missing.join(' and ')} to their paths.`);
  process.exit(1);
}

await ensureInstalled();
await ensureBuilt({ tests: true });
process.exitCode = testAll(findTests({ filters: process.argv.slice(2) }).filter(isInterop));

function testAll(files) {
  if (files.length === 0) {
    say('There is no interop test to run.');
    return 1;
  }
  const { status, skipped } = runCounted(files);
  if (skipped === 0) return status ?? 1;
  say(`${skipped} interop tests were skipped; all of them must run.`);
  return 1;
}

/** Runs the tests, and counts the skipped ones from a second report in TAP. */
function runCounted(files) {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-interop-'));
  const report = join(folder, 'report.tap');
  try {
    const reporters = [...specReporter, '--test-reporter=tap', `--test-reporter-destination=${report}`];
    const { status } = runTests(files, { reporters });
    return { status, skipped: Number(/^# skipped (\d+)$/m.exec(readFileSync(report, 'utf8'))?.[1]) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
