// What only packaging needs: Bun, and the program that puts a script into Node's executable. They come from
// npm when they are first asked for and are no dependencies of the project.

import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder, runOrExit, say } from '../scripts/bootstrap.mjs';

/** The path of Bun. */
export function ensureBun() {
  const folder = ensurePackage('bun', '1.4.5');
  // The package proper only starts one of these; npm has installed the one for this machine.
  const scope = join(folder, '@oven');
  const [name] = existsSync(scope) ? readdirSync(scope) : [];
  if (name !== undefined) return join(scope, name, 'bin', process.platform === 'win32' ? 'bun.exe' : 'bun');
  say('There is no Bun for this machine.');
  process.exit(1);
}

/** The path of postject, a script for Node. */
export function ensurePostject() {
  return join(ensurePackage('postject', '1.0.0-alpha.6'), 'postject/dist/cli.js');
}

/** The folder in which the package and what it needs are installed. */
function ensurePackage(name, version) {
  const prefix = join(rootFolder, 'node_modules/.cache/reeve-packaging', `${name}-${version}`);
  const installed = join(prefix, 'node_modules');
  if (existsSync(join(installed, name))) return installed;
  say(`Installing ${name} ${version} (first time only)…`);
  mkdirSync(prefix, { recursive: true });
  const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', prefix];
  runOrExit('npm', ['install', ...flags, `${name}@${version}`], { shell: process.platform === 'win32' });
  return installed;
}
