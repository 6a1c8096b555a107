// Bundles a program into `dist/PROGRAM/`: an entry that does almost nothing and one chunk for each `await
// import()`, so that `serf members` does not load the agent. Start-up is the reason for bundling at all: one
// small file is read instead of a hundred. Chunk names carry a hash of their content and old ones stay,
// because an agent that is running may still load one.

import { basename } from 'node:path';
import { build } from 'esbuild';

/**
 * Writes `dist/PROGRAM/main.js` from `FOLDER/src/main.ts`, which runs the program when it is imported, and
 * what the program runs in threads. A thread's program lies among the chunks, beside the code that starts it.
 */
export async function bundle(root, program, folder) {
  await build({
    absWorkingDir: root,
    entryPoints: [
      { in: `${folder}/src/main.ts`, out: 'main' },
      ...(THREADS[program] ?? []).map((file) => ({
        in: `${folder}/src/${file}`,
        out: `chunks/${basename(file, '.ts')}`,
      })),
    ],
    outdir: `dist/${program}`,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
    banner: { js: REQUIRE_FOR_COMMONJS },
  });
}

/** The programs of threads, which no import leads to. */
const THREADS = { serf: ['event-handlers/module/thread-main.ts'] };

/** Dependencies that are CommonJS call `require('dgram')`, which an ES module does not have by itself. */
const REQUIRE_FOR_COMMONJS = [
  "import { createRequire as createRequireForBundle } from 'node:module';",
  'const require = createRequireForBundle(import.meta.url);',
].join('\n');
