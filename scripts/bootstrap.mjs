// From a fresh clone to running programs: installs what package-lock.json names, compiles, bundles; does
// nothing when nothing changed. Everything else in this folder begins here, so this file needs Node 20 and
// npm and nothing else.
//
// Whether something changed is asked of stamps: a hash of package-lock.json (`node_modules/.reeve-stamp`) and
// a hash of the paths, sizes and times of all sources (`.stamp/`). Two first starts at once wait for each
// other (`.stamp/lock`). stdout belongs to the program that is started, so all words here go to stderr.
// Next: bundle.mjs; start.mjs and test.mjs, who call this.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const rootFolder = fileURLToPath(new URL('..', import.meta.url));

/** The programs we have: name, and the package whose `src/main.ts` is its entry. */
export const programFolders = { serf: 'packages/serf-agent', consul: 'packages/consul' };

/** What the programs load by name while they run: the handlers that come with Reeve. */
const loadedPackages = ['packages/handlers'];

/** Makes node_modules what package-lock.json says. */
export async function ensureInstalled() {
  const wanted = createHash('sha256')
    .update(readFileSync(fromRoot('package-lock.json')))
    .digest('hex');
  const isInstalled = () => readStamp(installStamp) === wanted;
  if (isInstalled()) return;
  await underLock(() => {
    if (isInstalled()) return;
    const why = existsSync(fromRoot('node_modules')) ? 'package-lock.json changed' : 'first start only';
    say(`Installing dependencies (${why})…`);
    runOrExit('npm', ['ci', '--include=dev'], { shell: process.platform === 'win32' });
    writeFileSync(fromRoot(installStamp), wanted);
  });
}

/**
 * Makes `dist/` what the sources say: the programs alone, or with `tests` everything that `npm test` runs.
 */
export async function ensureBuilt({ tests = false } = {}) {
  const sources = tests ? ['packages', 'tools'] : ['packages'];
  const stamp = join(stampFolder, sources.join('+'));
  const isBuilt = () => readStamp(stamp) === fingerprint(sources) && hasPrograms();
  if (isBuilt()) return;
  await underLock(async () => {
    if (isBuilt()) return;
    const wanted = fingerprint(sources);
    say('Building…');
    const projects = tests ? [] : [...Object.values(programFolders), ...loadedPackages];
    runOrExit(process.execPath, [fromRoot('node_modules/typescript/bin/tsc'), '-b', ...projects]);
    for (const [program, folder] of Object.entries(programFolders)) await buildProgram(program, folder);
    writeFileSync(fromRoot(stamp), wanted);
  });
}

async function buildProgram(program, folder) {
  const [{ bundle }, { compileBundle, removeCompiled }] = await Promise.all([
    import('./bundle.mjs'),
    import('./compile.mjs'),
  ]);
  const dist = fromRoot(`dist/${program}`);
  removeCompiled(dist);
  await bundle(rootFolder, program, folder);
  const flags = fromRoot(`bin/${program}.flags`);
  compileBundle(dist, existsSync(flags) ? readFileSync(flags, 'utf8').trim().split(' ') : []);
}

/** Prints one line for whoever started us. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Runs a step whose output goes to stderr; ends this process with the step's exit code if it fails. */
export function runOrExit(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: rootFolder,
    stdio: ['ignore', 2, 2],
    ...options,
  });
  if (error) say(`Cannot run ${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

function fromRoot(path) {
  return join(rootFolder, path);
}

function readStamp(path) {
  return existsSync(fromRoot(path)) ? readFileSync(fromRoot(path), 'utf8') : undefined;
}

function hasPrograms() {
  return Object.keys(programFolders).every((program) => existsSync(fromRoot(`dist/${program}/main.cjs`)));
}

/** A hash over names, sizes and times of everything a build reads: cheap enough for every start. */
function fingerprint(workspaceFolders) {
  const hash = createHash('sha256');
  const workspaces = workspaceFolders.flatMap((folder) =>
    readdirSync(fromRoot(folder)).map((name) => join(folder, name)),
  );
  const files = workspaces.flatMap((workspace) => [
    join(workspace, 'package.json'),
    join(workspace, 'tsconfig.json'),
    ...['src', 'test'].flatMap((part) => filesBelow(join(workspace, part))),
  ]);
  for (const file of [...files, ...buildFiles]) {
    const stat = statSync(fromRoot(file), { throwIfNoEntry: false });
    hash.update(`${file} ${stat?.size} ${stat?.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesBelow(folder) {
  if (!existsSync(fromRoot(folder))) return [];
  return readdirSync(fromRoot(folder), { recursive: true })
    .sort()
    .map((name) => join(folder, name));
}

/** Runs `work` while no other start installs or builds. A lock whose owner is gone is taken over. */
async function underLock(work) {
  mkdirSync(fromRoot(stampFolder), { recursive: true });
  const lock = fromRoot(join(stampFolder, 'lock'));
  for (let waits = 0; !tryLock(lock); waits++) {
    if (waits === 1)
      say(`Waiting for another start that installs or builds (if there is none: delete ${lock})…`);
    await new Promise((resume) => setTimeout(resume, lockPollMs));
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release); // a step that fails ends the process (runOrExit)
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isRunning(Number(readStamp(join(stampFolder, 'lock'))))) rmSync(lock, { force: true });
    return false;
  }
}

function isRunning(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const installStamp = 'node_modules/.reeve-stamp';
const stampFolder = '.stamp';
const buildFiles = [
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'scripts/bundle.mjs',
  'scripts/compile.mjs',
  'bin/consul.flags',
];
const lockPollMs = 200;
