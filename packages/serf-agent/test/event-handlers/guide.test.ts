// What docs/guides/handlers.md shows works as it stands there.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folderWith, load } from '../config/load-config.js';
import { createHost, member, query, startHandlers } from './handler-host.js';

const guide = await readFile(fromRoot('docs/guides/handlers.md'), 'utf8');

test('every configuration of the guide is accepted', async (t) => {
  const configurations = examples('json').filter((text) => text.includes('event_handlers'));
  assert(configurations.length >= 3);
  for (const text of configurations) {
    const folder = await folderWith(t, { 'c.json': text });
    await load(`-config-dir=${folder}`);
  }
});

test('the module of the guide does what it says', async (t) => {
  const [text] = examples('js');
  assert(text !== undefined);
  const folder = await besideOurPackages(t, 'greet.mjs', text);
  const host = createHost();
  const entry = { handler: 'module:greet.mjs', directory: folder, options: { greeting: 'welcome' } };
  const handlers = await startHandlers(host, entry);
  t.after(() => handlers.close());
  handlers.onEvent({ kind: 'member-join', members: [member('a', '10.0.0.1'), member('b', '10.0.0.2')] });
  const asked = query('who');
  handlers.onEvent(asked);
  await host.logged('handled by', 2);
  assert.deepEqual(
    host.lines.filter((line) => line.includes('handler.')),
    ['[INFO] handler.greet: welcome a, number 1', '[INFO] handler.greet: welcome b, number 2'],
  );
  assert.deepEqual(asked.answers, ['greeted 2 members']);
});

test('the modules of the guide compile, and their state has a type', async (t) => {
  const [javascript = '', typescript = ''] = [...examples('js'), ...examples('ts')];
  const wrong = typescript.replace('state.changes +=', 'state.change +=');
  assert.notEqual(wrong, typescript);
  assert.equal(compile(await besideOurPackages(t, 'greet.mts', javascript), 'greet.mts'), '');
  assert.equal(compile(await besideOurPackages(t, 'count.mts', typescript), 'count.mts'), '');
  assert.match(
    compile(await besideOurPackages(t, 'wrong.mts', wrong), 'wrong.mts'),
    /'change' does not exist/,
  );
});

function examples(language: string): string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, text = '']) => text,
  );
}

// A folder from which @reeve/handler-api is found, as it is where it is installed.
async function besideOurPackages(t: TestContext, name: string, text: string): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = await mkdtemp(join(here, 'guide-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), text);
  return folder;
}

function compile(folder: string, file: string): string {
  const compiler = fromRoot('node_modules/typescript/bin/tsc');
  const options =
    '--ignoreConfig --noEmit --strict --module nodenext --target es2023 --types node --skipLibCheck';
  const run = spawnSync(process.execPath, [compiler, ...options.split(' '), file], { cwd: folder });
  return `${run.stdout}${run.stderr}`;
}

function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
}
