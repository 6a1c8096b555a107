// `npm start`: brings everything up to date, then becomes the program asked for.
//
//   npm start                             a Serf agent
//   npm start -- serf agent -node=web1    a program and its arguments
//
// The program runs in this very process, so signals and exit codes are its own.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, programFolders, rootFolder, say } from './bootstrap.mjs';

const [program, ...args] = process.argv.length > 2 ? process.argv.slice(2) : ['serf', 'agent'];

if (Object.hasOwn(programFolders, program)) {
  await ensureInstalled();
  await ensureBuilt();
  process.argv = [process.argv[0], join(rootFolder, 'bin', program), ...args];
  await import(pathToFileURL(join(rootFolder, 'dist', program, 'main.cjs')).href);
} else {
  say(refusal(program));
  process.exitCode = 1;
}

function refusal(word) {
  const known = Object.keys(programFolders).join(', ');
  return `Reeve has no program "${word}"; begin with one of: ${known} (npm start -- serf members).`;
}
