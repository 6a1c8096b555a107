// bin/serf.cjs with a bundle of one line, and what the build compiles of it: a help for V8, not needed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

test('V8 takes what the build has compiled, small files with all their functions', async (t) => {
  const { main, compileBundle } = await bundleIn(t);
  compileBundle();
  const code = readFileSync(`${main}.code`);
  const { wrap } = await import(inRepository('bin/load.cjs'));
  const script = new Script(wrap(readFileSync(main, 'utf8')), { filename: main, cachedData: code });
  assert.equal(script.cachedDataRejected, false);
  assert.ok(code.includes('./commands/hello.cjs'), 'a text in a function that is not called yet');
});

test('the program is the same with compiled code, without, and with some that is none', async (t) => {
  const { run, main, compileBundle, removeCompiled } = await bundleIn(t);
  assert.equal(run(), 'hello from a command\n');
  compileBundle();
  assert.equal(run(), 'hello from a command\n');
  writeFileSync(`${main}.code`, 'this is no code');
  assert.equal(run(), 'hello from a command\n');
  writeFileSync(`${main}.code`, new Script('"code of something else"').createCachedData());
  assert.equal(run(), 'hello from a command\n');
  removeCompiled();
  assert.throws(() => readFileSync(`${main}.code`), { code: 'ENOENT' });
});

/** A program in a folder of its own, and the build's ways with it. */
async function bundleIn(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'reeve-compiled-'));
  t.after(() => rmSync(root, { recursive: true }));
  const dist = join(root, 'dist/serf');
  mkdirSync(join(dist, 'commands'), { recursive: true });
  mkdirSync(join(root, 'bin'));
  for (const file of ['serf.cjs', 'load.cjs'])
    copyFileSync(inRepository(`bin/${file}`), join(root, 'bin', file));
  const main = join(dist, 'main.cjs');
  writeFileSync(main, "const hello = () => require('./commands/hello.cjs').text;\nconsole.log(hello());");
  writeFileSync(join(dist, 'commands/hello.cjs'), "exports.text = 'hello from a command';");
  const build = await import(inRepository('scripts/compile.mjs'));
  return {
    main,
    run: () => execFileSync(process.execPath, [join(root, 'bin/serf.cjs')], { encoding: 'utf8' }),
    compileBundle: () => build.compileBundle(dist),
    removeCompiled: () => build.removeCompiled(dist),
  };
}

function inRepository(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
}
