// Loads the files of a bundle (scripts/bundle.mjs) by hand, because `require` compiles at every start what the
// build has compiled already (scripts/compile.mjs). A Node of another version, or with other flags, ignores
// that and compiles. Programs on disk start here (bin/serf), and those inside of Node
// (packaging/node-main.cjs).

const { existsSync, readFileSync } = require('node:fs');
const { dirname, join, posix } = require('node:path');
const { Script } = require('node:vm');

/**
 * A `require` for the files of the bundle in a folder, by names like `commands/members.cjs`; each is run once.
 * `read` takes such a name and returns the `source`, and what is compiled of it as `code` if there is any.
 */
function createLoader(folder, read) {
  const modules = new Map();
  return function load(name) {
    const known = modules.get(name);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const { source, code } = read(name);
    const file = join(folder, name);
    const script = new Script(wrap(source), { filename: file, cachedData: code });
    const beside = (other) => load(posix.join(posix.dirname(name), other));
    const requireFrom = (other) => (other.startsWith('.') ? beside(other) : require(other));
    script.runInThisContext()(module.exports, requireFrom, module, file, dirname(file));
    return module.exports;
  };
}

/** A CommonJS file as a function. `node:module` has this, too, but to load it takes half a millisecond. */
function wrap(source) {
  return `(function (exports, require, module, __filename, __dirname) { ${source}\n});`;
}

/** Runs the bundle of a program, if there is one: `npm start` and `npm run build` make it. */
function runBundle(program) {
  const folder = join(__dirname, '../dist', program);
  if (existsSync(join(folder, 'main.cjs'))) {
    createLoader(folder, (name) => readCompiled(join(folder, name)))('main.cjs');
  } else {
    process.stderr.write(`${program} is not built yet: run \`npm start\` or \`npm run build\` once.\n`);
    process.exitCode = 1;
  }
}

function readCompiled(file) {
  const code = `${file}.code`;
  return { source: readFileSync(file, 'utf8'), code: existsSync(code) ? readFileSync(code) : undefined };
}

exports.createLoader = createLoader;
exports.runBundle = runBundle;
exports.wrap = wrap;

// `node load.cjs serf members`: with a file between, bin/serf would take a millisecond more.
if (require.main === module) {
  const [program] = process.argv.splice(2, 1);
  runBundle(program);
}
