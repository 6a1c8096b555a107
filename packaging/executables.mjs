// The program as an executable, by two ways that need nothing on the machine it runs on.
// Next: bundle.mjs, the script; README.md, what they cost and how they differ.

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileBundle } from '../scripts/compile.mjs';
import { bundleNodeMain, bundleToFiles } from './bundle.mjs';
import { ensureBun, ensurePostject } from './tools.mjs';

/**
 * Bun with the files as bytecode. It minds no settings of Bun's that lie where it is started, but does read
 * the package.json of handlers' packages.
 */
export async function buildWithBun(executable) {
  const folder = `${executable}.files`;
  const files = await bundleToFiles(folder);
  const settings = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'];
  const flags = ['--bytecode', '--minify', '--format=cjs', ...settings, '--compile-autoload-package-json'];
  const apart = ['--external=./commands/*', '--external=./re2js.cjs'];
  run(ensureBun(), ['build', '--compile', ...flags, ...apart, ...files, `--outfile=${executable}`], folder);
}

/**
 * The Node that runs this, with the files and what is compiled of them:
 * nodejs.org/api/single-executable-applications.html.
 */
export async function buildWithNode(executable) {
  const [script, config, blob] = ['cjs', 'json', 'blob'].map((suffix) => `${executable}.${suffix}`);
  await bundleNodeMain(script);
  const wanted = {
    main: script,
    output: blob,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    assets: await compiledFiles(`${executable}.files`),
  };
  writeFileSync(config, JSON.stringify(wanted));
  run(process.execPath, ['--experimental-sea-config', config]);
  copyFileSync(process.execPath, executable);
  chmodSync(executable, 0o755);
  const fuse = ['--sentinel-fuse', 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'];
  run(process.execPath, [ensurePostject(), executable, 'NODE_SEA_BLOB', blob, ...fuse]);
}

/** The program's files and their compiled forms, by their names in the executable. */
async function compiledFiles(folder) {
  const files = await bundleToFiles(folder);
  compileBundle(folder);
  const names = files.flatMap((file) => [file, `${file}.code`]);
  return Object.fromEntries(names.map((name) => [name, join(folder, name)]));
}

/** What it prints is for whoever looks for the reason of a failure. */
function run(command, args, cwd = process.cwd()) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stdout + stderr}`);
}
