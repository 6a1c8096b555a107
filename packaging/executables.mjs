// The script as an executable, by two ways that need nothing on the machine it runs on.
// Next: bundle.mjs, the script; README.md, what they cost and how they differ.

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { ensureBun, ensurePostject } from './tools.mjs';

/**
 * Bun with the script as bytecode. It minds no settings of Bun's that lie where it is started, but does read
 * the package.json of handlers' packages.
 */
export function buildWithBun(script, executable) {
  const apart = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'];
  const flags = ['build', '--compile', '--bytecode', '--minify', ...apart, '--compile-autoload-package-json'];
  run(ensureBun(), [...flags, script, `--outfile=${executable}`]);
}

/**
 * The Node that runs this, with the script and its compiled code:
 * nodejs.org/api/single-executable-applications.html.
 */
export function buildWithNode(script, executable) {
  const [config, blob] = [`${executable}.json`, `${executable}.blob`];
  const wanted = { main: script, output: blob, disableExperimentalSEAWarning: true, useCodeCache: true };
  writeFileSync(config, JSON.stringify(wanted));
  run(process.execPath, ['--experimental-sea-config', config]);
  copyFileSync(process.execPath, executable);
  chmodSync(executable, 0o755);
  const fuse = ['--sentinel-fuse', 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'];
  run(process.execPath, [ensurePostject(), executable, 'NODE_SEA_BLOB', blob, ...fuse]);
}

/** What it prints is for whoever looks for the reason of a failure. */
function run(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stdout + stderr}`);
}
