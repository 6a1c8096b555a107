// The whole program as one script, for executables that contain it. What is loaded when it is needed becomes
// a function in the script, called when it is needed; the program of handlers' threads becomes a text in it.
// CommonJS, because that is what Node's one-file executables run and what Bun compiles to bytecode.

import { build } from 'esbuild';
import { rootFolder } from '../scripts/bootstrap.mjs';

const agentSources = 'packages/serf-agent/src';

/** Writes the script to `file`. */
export async function bundleToOneFile(file) {
  const thread = await build({
    ...options,
    entryPoints: [`${agentSources}/event-handlers/module/thread-main.ts`],
    format: 'esm', // it loads modules of others
    banner: { js: `import { pathToFileURL as urlOfPath } from 'node:url';${placeOfProgram('urlOfPath')}` },
    write: false,
  });
  await build({
    ...options,
    entryPoints: [`${agentSources}/main.ts`],
    format: 'cjs',
    banner: { js: placeOfProgram("require('node:url').pathToFileURL") },
    plugins: [threadInside(thread.outputFiles[0].contents)],
    outfile: file,
  });
}

const options = {
  absWorkingDir: rootFolder,
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
  define: { 'import.meta.url': 'programUrl' },
};

/** The script is where the executable is: that is where packages of handlers are looked for, too. */
function placeOfProgram(urlOfPath) {
  return `const programUrl=${urlOfPath}(process.execPath).href;`;
}

function threadInside(program) {
  const url = `data:text/javascript;base64,${Buffer.from(program).toString('base64')}`;
  const contents = `export const threadProgram = new URL(${JSON.stringify(url)});`;
  return {
    name: 'thread inside',
    setup: ({ onLoad }) => onLoad({ filter: /\/thread-program\.ts$/ }, () => ({ contents, loader: 'ts' })),
  };
}
