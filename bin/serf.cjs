// Runs the bundled serf program; bin/serf starts it. `npm start` and `npm run build` make the bundle. CommonJS,
// because Node starts it faster.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { createLoader } = require('./load.cjs');

const folder = join(__dirname, '../dist/serf');
if (existsSync(join(folder, 'main.cjs'))) {
  createLoader(folder, read)('main.cjs');
} else {
  process.stderr.write('serf is not built yet: run `npm start` or `npm run build` once.\n');
  process.exitCode = 1;
}

function read(name) {
  const file = join(folder, name);
  const code = `${file}.code`;
  return { source: readFileSync(file, 'utf8'), code: existsSync(code) ? readFileSync(code) : undefined };
}
