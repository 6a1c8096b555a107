// Runs the bundled serf program; bin/serf starts it. `npm start` and `npm run build` make the bundle. CommonJS,
// because Node starts it faster. Loaded by hand, because `require` compiles at every start what the build has
// compiled already (scripts/compile.mjs). A Node of another version, or with other flags, ignores that and
// compiles.
const { existsSync, readFileSync } = require('node:fs');
const { wrap } = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const main = join(__dirname, '../dist/serf/main.cjs');
if (existsSync(main)) {
  createLoader()(main);
} else {
  process.stderr.write('serf is not built yet: run `npm start` or `npm run build` once.\n');
  process.exitCode = 1;
}

/** A `require` for the files of the bundle, each of which is run once. */
function createLoader() {
  const modules = new Map();
  return function load(file) {
    const known = modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(file, module);
    const folder = dirname(file);
    const requireFrom = (name) => (name.startsWith('.') ? load(join(folder, name)) : require(name));
    compiled(file).runInThisContext()(module.exports, requireFrom, module, file, folder);
    return module.exports;
  };
}

function compiled(file) {
  const code = `${file}.code`;
  const cachedData = existsSync(code) ? readFileSync(code) : undefined;
  return new Script(wrap(readFileSync(file, 'utf8')), { filename: file, cachedData });
}
