// Bundles a program into `dist/PROGRAM/`: an entry that does almost nothing, a file for each command, and a
// chunk for each further `await import()`, so that `serf members` does not load the agent. Start-up is the
// reason for bundling at all: two small files are read instead of a hundred. Chunk names carry a hash of
// their content and old ones stay, because an agent that is running may still load one.
//
// Each command is bundled by itself. In one bundle the commands would share chunks, and a shared chunk has
// everything that any of them needs of a package: to print a text `serf version` would load encryption.

import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/**
 * Writes `dist/PROGRAM/main.js` from `FOLDER/src/main.ts`, which runs the program when it is imported, its
 * commands, and what the program runs in threads. A thread's program lies among the chunks, beside the code
 * that starts it.
 */
export async function bundle(root, program, folder) {
  const entries = [
    ['main.ts', 'main'],
    ...readdirSync(join(root, folder, 'src', commandsFolder)).map((file) => [
      `${commandsFolder}/${file}`,
      `commands/${basename(file, '.ts')}`,
    ]),
    ...(threadEntries[program] ?? []).map((file) => [file, `chunks/${basename(file, '.ts')}`]),
  ];
  await Promise.all(
    entries.map(([file, out]) => bundleEntry(root, `dist/${program}`, `${folder}/src/${file}`, out)),
  );
}

function bundleEntry(root, outdir, entry, out) {
  return build({
    absWorkingDir: root,
    entryPoints: [{ in: entry, out }],
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    plugins: [commandsApart],
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
    banner: { js: requireForCommonjs },
  });
}

/** The commands of a program, one a file, which only `main` loads: `./commands/members.ts`. */
const commandsFolder = 'cli/commands';
const commandsApart = {
  name: 'commands apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/commands\// }, ({ path }) => ({
      path: path.replace(/\.ts$/, '.js'),
      external: true,
    }));
  },
};

/** The programs of threads, which no import leads to. */
const threadEntries = { serf: ['event-handlers/module/thread-main.ts'] };

/** Dependencies that are CommonJS call `require('dgram')`, which an ES module does not have by itself. */
const requireForCommonjs = [
  "import { createRequire as createRequireForBundle } from 'node:module';",
  'const require = createRequireForBundle(import.meta.url);',
].join('\n');
