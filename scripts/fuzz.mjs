// `npm run fuzz`: the fuzz targets (`*.fuzz.test.ts`) for long, round after round, each with another seed.
//
//   npm run fuzz -- --minutes 30              rounds until half an hour has gone (default: 10)
//   npm run fuzz -- --runs 100000 lzw         inputs a property in each round; only targets named like lzw
//   npm run fuzz -- --seed 4711 --minutes 0   one round with this seed: replays a failure
//
// Targets read REEVE_FUZZ_SEED and REEVE_FUZZ_RUNS; in `npm test` they run short with a fixed seed.

import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled, say } from './bootstrap.mjs';
import { findTests, runTests } from './test-files.mjs';

const { values, positionals: filters } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '10' },
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
});

await ensureInstalled();
await ensureBuilt({ tests: true });
process.exitCode = fuzz(findTests({ filters, suffix: '.fuzz.test.ts' }));

function fuzz(files) {
  if (files.length === 0) {
    say('There is no fuzz target to run.');
    return 1;
  }
  say(`${files.length} fuzz targets, ${values.runs} runs a property, for ${values.minutes} minutes.`);
  const startMs = Date.now();
  for (let round = 1, seed = Number(values.seed); ; round++, seed++) {
    if (!passesRound(files, seed)) return 1;
    const minutes = (Date.now() - startMs) / 60_000;
    say(`Round ${round}: seed ${seed} passed, ${minutes.toFixed(1)} minutes so far.`);
    if (minutes >= Number(values.minutes)) return 0;
  }
}

/** One round is quiet when it passes; a failure prints the runner's whole report and how to see it again. */
function passesRound(files, seed) {
  const env = { ...process.env, REEVE_FUZZ_SEED: String(seed), REEVE_FUZZ_RUNS: values.runs };
  const { status, stdout } = runTests(files, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  if (status === 0) return true;
  process.stdout.write(stdout);
  say(
    `Seed ${seed} failed. To see it again: npm run fuzz -- --seed ${seed} --minutes 0 --runs ${values.runs}`,
  );
  return false;
}
