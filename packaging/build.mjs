// `npm run package`: serf as executables of one file each, in dist/packaging: serf-bun and serf-node.
//
//   npm run package -- bun             only that one
//   npm run package -- --check         and sees whether they work
//   npm run package -- --measure=20    and how fast they start, in so many rounds

import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled, rootFolder, say } from '../scripts/bootstrap.mjs';

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean' }, measure: { type: 'string' } },
  allowPositionals: true,
});

await ensureInstalled();
await ensureBuilt();
const { buildWithBun, buildWithNode } = await import('./executables.mjs');
const builders = { bun: buildWithBun, node: buildWithNode };
const unknown = positionals.find((name) => !Object.hasOwn(builders, name));
if (unknown === undefined) await packageAll(positionals.length > 0 ? positionals : Object.keys(builders));
else {
  say(`There is no way to package called "${unknown}", only: ${Object.keys(builders).join(', ')}.`);
  process.exitCode = 1;
}

async function packageAll(names) {
  const folder = join(rootFolder, 'dist/packaging');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const executables = names.map((name) => join(folder, `serf-${name}`));
  for (const [at, name] of names.entries()) {
    await builders[name](executables[at]);
    say(`${executables[at]}: ${Math.round(statSync(executables[at]).size / 2 ** 20)} MiB`);
  }
  if (values.check)
    for (const executable of executables) await (await import('./check.mjs')).check(executable);
  if (values.measure) await (await import('./measure.mjs')).measure(executables, Number(values.measure));
}
