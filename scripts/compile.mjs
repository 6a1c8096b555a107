// The compiled form of a bundle's files, beside each of them (`members.cjs.code`), for V8 to take instead of
// compiling at every start: bin/load.cjs does. It takes it only if the file is as long as it was, so a file
// that is written anew must lose its compiled form first.
//
// V8 compiles a function when it is first called. A command calls most of what it has, once, so all of it is
// compiled here. The agent is large, has much that most never need, and what is compiled costs memory; of it
// only what runs when it is loaded.
//
// V8 takes it only under the flags under which it was compiled. An agent may have some (bin/consul.flags):
// its file is then compiled by a process that has them, `node FLAGS scripts/compile.mjs FILE`.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { wrap } from '../bin/load.cjs';

/** Writes the compiled forms of all files in a bundle's folder; an agent runs with these flags of V8. */
export function compileBundle(folder, agentFlags = []) {
  for (const file of filesIn(folder, '.cjs')) {
    if (agentFlags.length > 0 && file === join(folder, agentFile))
      execFileSync(process.execPath, [...agentFlags, thisFile, file]);
    else writeCompiled(file);
  }
}

/** Removes the compiled forms from a bundle's folder, if there are any. */
export function removeCompiled(folder) {
  for (const file of filesIn(folder, '.code')) rmSync(file);
}

function writeCompiled(file) {
  writeFileSync(`${file}.new`, compile(file));
  renameSync(`${file}.new`, `${file}.code`);
}

function compile(file) {
  const isEager = statSync(file).size <= eagerBytesMax;
  if (isEager) setFlagsFromString('--no-lazy');
  const script = new Script(wrap(readFileSync(file, 'utf8')), { filename: file });
  if (isEager) setFlagsFromString('--lazy'); // the flags of a start: V8 compares those, too
  return script.createCachedData();
}

function filesIn(folder, suffix) {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
  return files.filter((name) => name.endsWith(suffix)).map((name) => join(folder, name));
}

const eagerBytesMax = 100_000;
const agentFile = 'commands/agent.cjs';
const thisFile = fileURLToPath(import.meta.url);

if (process.argv[1] === thisFile) writeCompiled(process.argv[2]);
