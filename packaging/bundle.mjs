// The program for executables that have it inside themselves, in files, of which the one of the command that
// is asked for is loaded. The program of handlers' threads is a text in the code that starts it, and everything
// is where the executable is.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { programFolders, rootFolder } from '../scripts/bootstrap.mjs';
import { bundle } from '../scripts/bundle.mjs';

const sources = `${programFolders.serf}/src`;

/** Writes the program to files in a folder; returns their names, the one that runs first. */
export async function bundleToFiles(folder) {
  await bundle(rootFolder, 'serf', programFolders.serf, folder, { ...(await inside()), sourcemap: false });
  const commands = readdirSync(join(folder, 'commands')).filter((file) => file.endsWith('.cjs'));
  return ['main.cjs', ...commands.map((file) => `commands/${file}`)];
}

/** Writes what runs first in an executable made of Node. */
export async function bundleNodeMain(file) {
  await build({ ...options, entryPoints: ['packaging/node-main.cjs'], outfile: file });
}

const options = {
  absWorkingDir: rootFolder,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  logLevel: 'warning',
  define: { 'import.meta.url': 'importMeta.url' },
};

async function inside() {
  const thread = await build({
    ...options,
    entryPoints: [`${sources}/event-handlers/module/thread-main.ts`],
    format: 'esm', // it loads modules of others
    banner: { js: `import { pathToFileURL as urlOfPath } from 'node:url';${placeOfProgram('urlOfPath')}` },
    write: false,
  });
  return {
    banner: { js: placeOfProgram("require('node:url').pathToFileURL") },
    define: options.define,
    plugins: [threadInside(thread.outputFiles[0].contents)],
  };
}

/** Where packages of handlers are looked for, too. Few files ask for it. */
function placeOfProgram(urlOfPath) {
  return `const importMeta={get url(){return ${urlOfPath}(process.execPath).href}};`;
}

function threadInside(program) {
  const url = `data:text/javascript;base64,${Buffer.from(program).toString('base64')}`;
  const contents = `export const threadProgram = new URL(${JSON.stringify(url)});`;
  return {
    name: 'thread inside',
    setup: ({ onLoad }) => onLoad({ filter: /\/thread-program\.ts$/ }, () => ({ contents, loader: 'ts' })),
  };
}
