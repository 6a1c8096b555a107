// `npm run compat`: the tables of docs/compat with today's results. Runs every test whose title names an item
// (`[47] the first user event …`, `T0-9: a value is written …`) and fails if a row that claims a test has
// none that passes, or one that fails, whose error it prints. Items that need the real programs are skipped
// without SERF_BIN or CONSUL_BIN.

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { ensureBuilt, ensureInstalled, rootFolder, say } from './bootstrap.mjs';
import { findTests, isInterop } from './test-files.mjs';

await ensureInstalled();
await ensureBuilt({ tests: true });
const rows = ['serf', 'consul'].flatMap((program) => readRows(program));
const results = await runNumberedTests(filesOf(rows));
let failures = 0;
for (const row of rows) {
  const result = judge(row, results.get(row.item));
  if (result.startsWith('FAILED')) failures += 1;
  process.stdout.write(`${row.item.padStart(5)}  ${result.padEnd(24)}  ${row.statement}\n`);
  for (const test of results.get(row.item)?.failures ?? []) process.stdout.write(reason(test));
}
process.stdout.write(`\n${rows.length} items, ${failures} failed\n`);
process.exitCode = failures === 0 ? 0 : 1;

/** The rows of a program's tables: item, statement, and the test files or the reason why there is none. */
function readRows(program) {
  const row = /^\| (\d+|T\d-\d+) \| (.+?) \| (.+?) \|$/gm;
  const text = readFileSync(join(rootFolder, `docs/compat/${program}.md`), 'utf8');
  return [...text.matchAll(row)].map(([, item, statement, where]) => ({
    program,
    item,
    statement,
    where,
    files: [...where.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, file]) => file),
  }));
}

function filesOf(rows) {
  const named = new Set(rows.flatMap(({ files }) => files));
  const known = findTests().filter((file) => {
    return named.has(file.replace('/dist-test/', '/test/').replace(/\.js$/, '.ts'));
  });
  if (known.length < named.size) say('docs/compat names test files that do not exist.');
  return known
    .filter((file) => process.env.SERF_BIN || process.env.CONSUL_BIN || !isInterop(file))
    .map((file) => join(rootFolder, file));
}

/** Passed, failed and skipped tests by the item their title names. */
async function runNumberedTests(files) {
  const results = new Map();
  const count = (kind) => (test) => {
    for (const [item] of test.name.matchAll(/(?<=\[)\d+(?=\])|\bT\d-\d+(?=:|,? T\d)/g)) {
      const counts = results.get(item) ?? { passed: 0, failed: 0, skipped: 0, failures: [] };
      counts[test.skip === undefined ? kind : 'skipped'] += 1;
      if (kind === 'failed') counts.failures.push(test);
      results.set(item, counts);
    }
  };
  say(`Running ${files.length} test files…`);
  const stream = run({ files, concurrency: availableParallelism() });
  stream.on('test:pass', count('passed'));
  stream.on('test:fail', count('failed'));
  for await (const _ of stream);
  return results;
}

/** Which test failed, where it is and with what: whoever reads the table need not run all of it again. */
function reason({ name, file, line, details: { error } }) {
  const cause = error.cause ?? error;
  const lines = [
    `${relative(rootFolder, file)}:${line}: ${name}`,
    ...(cause.stack ?? `${cause}`).split('\n'),
  ];
  return lines.map((text) => `         ${text}\n`).join('');
}

function judge({ program, where, files }, counts = { passed: 0, failed: 0, skipped: 0 }) {
  if (files.length === 0) return where.startsWith('not yet') ? 'not yet' : 'differs';
  if (counts.failed > 0) return `FAILED (${counts.failed} of ${counts.failed + counts.passed})`;
  if (counts.passed > 0) return `passes (${counts.passed})`;
  const needsPeers = counts.skipped > 0 || files.some((file) => isInterop(file));
  const peer = program === 'serf' ? process.env.SERF_BIN : process.env.CONSUL_BIN;
  return needsPeers && !peer ? `skipped: needs ${program}` : 'FAILED (no test)';
}
