// `npm run build`: compiles and bundles everything, tests included. With `--clean` from nothing: needed after
// files in a dist folder were deleted by hand, because the compiler only looks at sources.

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, rootFolder } from './bootstrap.mjs';

if (process.argv.includes('--clean')) clean();
await ensureInstalled();
await ensureBuilt({ tests: true });

function clean() {
  const remove = (...path) => rmSync(join(rootFolder, ...path), { recursive: true, force: true });
  for (const output of ['dist', '.stamp']) remove(output);
  for (const folder of ['packages', 'tools']) {
    for (const name of readdirSync(join(rootFolder, folder))) {
      for (const output of ['dist', 'dist-test', 'tsconfig.tsbuildinfo']) remove(folder, name, output);
    }
  }
}
