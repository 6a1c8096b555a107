// `npm test`: everything a change must pass – build, lint and format, tidy, all tests – and stops at the
// first step that fails. `npm test -- packages/cli duration` builds and runs only the tests whose path holds
// one of these words.

import { ensureBuilt, ensureInstalled, runOrExit, say } from './bootstrap.mjs';
import { findTests, isInterop, runTests } from './test-files.mjs';

const biomeProgram = 'node_modules/@biomejs/biome/bin/biome';
const filters = process.argv.slice(2);

await ensureInstalled();
await ensureBuilt({ tests: true });
if (filters.length === 0) {
  say('Checking lint and format (npm run format mends what it can)…');
  const colors = process.stderr.isTTY ? [] : ['--colors=off'];
  runOrExit(process.execPath, [biomeProgram, 'ci', '--error-on-warnings', ...colors, '.']);
  say('Checking the rules of the house (tools/tidy)…');
  runOrExit(process.execPath, ['tools/tidy/dist/main.js']);
}
process.exitCode = testAll();

function testAll() {
  const asked = findTests({ filters });
  const hasPeer = Boolean(process.env.SERF_BIN);
  const files = asked.filter((file) => hasPeer || !isInterop(file));
  if (files.length < asked.length) {
    say(
      'Skipping the interop tests, which need the real programs: set SERF_BIN (Serf 0.9.4) and ' +
        'SERF_BIN_0_10 (0.10.1) to their paths. Debian 12 and 13 have them: apt-get download serf, dpkg -x.',
    );
  }
  if (files.length > 0) return runTests(files).status ?? 1;
  say(`No test file to run${filters.length > 0 ? ` has "${filters.join('" or "')}" in its path` : ''}.`);
  return 1;
}
