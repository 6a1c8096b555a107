// Bundles a program into `dist/PROGRAM/`: an entry that does almost nothing and a file for each command, so
// that `serf members` does not load the agent. Start-up is the reason for bundling at all: two small files
// are read instead of a hundred. For the same reason it is CommonJS without spaces: Node's loader of ES
// modules takes 8 ms and a megabyte that its older one does not, and it evaluates every part of the platform
// that a module names, used or not.
//
// Each command is bundled by itself. In one bundle the commands would share files, and a shared file has
// everything that any of them needs of a package: to print a text `serf version` would load encryption.
// Only what is large and seldom used lies apart (`apartModules`), or runs in a thread (`threadEntries`).

import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/**
 * Writes `dist/PROGRAM/main.cjs` from `FOLDER/src/main.ts`, which runs the program when it is loaded, its
 * commands, what they load apart, and what the program runs in threads. `inside` is what differs for files
 * inside an executable (packaging/bundle.mjs).
 */
export async function bundle(root, program, folder, outdir = join('dist', program), inside = {}) {
  const commonjs = { ...commonjsFiles, ...inside, plugins: [apart, ...(inside.plugins ?? [])] };
  const commands = readdirSync(join(root, folder, 'src', commandsFolder));
  await Promise.all([
    bundleEntry(root, outdir, `${folder}/src/main.ts`, 'main', commonjs),
    ...commands.map((file) => {
      const entry = `${folder}/src/${commandsFolder}/${file}`;
      return bundleEntry(root, outdir, entry, `commands/${basename(file, '.ts')}`, commonjs);
    }),
    ...apartModules.map(({ entry, out }) => bundleEntry(root, outdir, entry, out, commonjs)),
    ...(threadEntries[program] ?? []).map(({ entry, out }) => {
      return bundleEntry(root, outdir, `${folder}/src/${entry}`, out, threadModule);
    }),
  ]);
}

function bundleEntry(root, outdir, entry, out, format) {
  return build({
    absWorkingDir: root,
    entryPoints: [{ in: entry, out }],
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'linked',
    logLevel: 'warning',
    ...format,
  });
}

/** The commands of a program, one a file, which only `main` loads: `./commands/members.ts`. */
const commandsFolder = 'cli/commands';

/** Modules that commands load when they are needed, by the name under which they are imported. */
const apartModules = [{ name: '@reeve/serf/re2', entry: 'packages/serf/src/re2.ts', out: 'commands/re2' }];

const apart = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/commands\// }, ({ path }) => ({
      path: path.replace(/\.ts$/, '.cjs'),
      external: true,
    }));
    onResolve({ filter: /^@reeve\// }, ({ path, kind }) => {
      const module = apartModules.find(({ name }) => name === path && kind === 'dynamic-import');
      return module && { path: `./${basename(module.out)}.cjs`, external: true };
    });
  },
};

const commonjsFiles = {
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  // `import()` becomes `require()`: no ES module is loaded in the program's main thread.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'importMeta.url' },
  // Few files ask for their URL.
  banner: { js: "const importMeta={get url(){return require('node:url').pathToFileURL(__filename).href}};" },
};

/** A thread loads modules of others, which are ES modules; so it is one, too. */
const threadModule = { format: 'esm' };

/** The programs of threads, which no import leads to. They lie beside the command that starts them. */
const threadEntries = {
  serf: [{ entry: 'event-handlers/module/thread-main.ts', out: 'commands/thread-main' }],
};
