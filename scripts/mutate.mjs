// `npm run mutate`: are the tests good enough to notice a wrong protocol? Every fault of tools/mutate is put
// into a copy of the working tree, one at a time; then the tests are run until one fails.
//
//   npm run mutate                        all faults (on two cores, in some minutes)
//   npm run mutate -- refute probe        those whose sentence or file holds one of these words
//   npm run mutate -- --list              names them
//   npm run mutate -- --json FILE         writes the results there, too
//   npm run mutate -- --storms 1..16 'confirms itself' 'by counting'
//                                         asks no tests but the simulated storms of these seeds, of five
//                                         servers or as many as --servers says
//
// Progress goes to stderr, the table to stdout; ends with 1 when under 95 % are caught.

import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled, rootFolder, say } from './bootstrap.mjs';
import { findTests } from './test-files.mjs';

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    json: { type: 'string' },
    storms: { type: 'string' },
    servers: { type: 'string', default: '5' },
  },
});

await ensureInstalled();
await ensureBuilt({ tests: true });
const mutate = await import('../tools/mutate/dist/index.js');
const isAsked = ({ name, file }) =>
  words.length === 0 || words.some((word) => `${name} ${file}`.includes(word));
const asked = mutate.faults.filter(isAsked);
if (values.list) print(asked.map(({ name, file }) => `${file}: ${name}`));
else process.exitCode = await tryAll();

async function tryAll() {
  if (asked.length === 0) {
    say('There is no such fault; --list names them all.');
    return 1;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
  let tried = 0;
  const trials = mutate.tryFaults(asked, {
    root: rootFolder,
    signal: stop.signal,
    tests: findTests(),
    storms: values.storms && { seeds: values.storms, servers: values.servers },
    copies: Math.min(asked.length, availableParallelism()),
    onResult: (result) => say(`${++tried}/${asked.length} ${mutate.describeResult(result)}`),
    onUnfit: (test) => say(`${test} fails without any fault and is asked no more.`),
  });
  const results = await trials.catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  if (!results) return 1; // stopped
  if (values.json) writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
  const { text, isEnough } = mutate.summarize(results);
  print([...mutate.tabulate(results), '', text]);
  return isEnough ? 0 : 1;
}

function print(lines) {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
