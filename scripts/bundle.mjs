// Bundles a program into `dist/PROGRAM/`: an entry that does almost nothing and a file for each command, so
// that `serf members` does not load the agent. Start-up is the reason for bundling at all: two small files
// are read instead of a hundred. For the same reason it is CommonJS without spaces: Node's loader of ES
// modules takes 8 ms and a megabyte that its older one does not, and it evaluates every part of the platform
// that a module names, used or not. Names are short, because V8 keeps them: of an agent's memory they took
// half a MiB. The source maps beside the files say what they were.
//
// Each command is bundled by itself. In one bundle the commands would share files, and a shared file has
// everything that any of them needs of a package: to print a text `serf version` would load encryption.
// Only what is large and seldom used lies apart (`latePackage`), or runs in a thread (`threadEntries`).

import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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
    bundleEntry(root, outdir, latePackage.name, latePackage.out, commonjs),
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
    minify: true,
    sourcemap: 'linked',
    logLevel: 'warning',
    ...format,
  });
}

/** The commands of a program, one a file, which only `main` loads: `./commands/members.ts`. */
const commandsFolder = 'cli/commands';
const commandsParent = 'cli';

/** What an agent need not have: regular expressions, keys, threads, files, names in the DNS. */
const lateModules = ['re2js', 'node:crypto', 'node:dns/promises', 'node:fs/promises', 'node:worker_threads'];

/** Of those the one that is ours to bundle. */
const latePackage = { name: 're2js', out: 'commands/re2js' };

/** Commands stay files of their own. A late module is loaded when something of it is first touched. */
const apart = {
  name: 'apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/commands\// }, ({ path, importer }) => {
      if (basename(dirname(importer)) === commandsParent)
        return { path: path.replace(/\.ts$/, '.cjs'), external: true };
    });
    onResolve({ filter: new RegExp(`^(${lateModules.join('|')})$`) }, ({ path, kind }) => {
      if (kind === 'import-statement') return { path, namespace: 'late' };
      if (path === latePackage.name && kind === 'require-call')
        return { path: `./${basename(latePackage.out)}.cjs`, external: true };
    });
    onLoad({ filter: /^/, namespace: 'late' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      const contents = `for (const name of ${JSON.stringify(names)}) {
        const get = () => {
          const value = require('${path}')[name];
          Object.defineProperty(module.exports, name, { value });
          return value;
        };
        Object.defineProperty(module.exports, name, { configurable: true, enumerable: true, get });
      }`;
      return { contents };
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
