// What we show people: the code of docs/guides/library.md compiles and prints what the page says, and the
// example service does what it promises.

import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const service = join(root, 'examples/embed-in-a-service/service.mjs');
const folder = fileURLToPath(new URL('guide', import.meta.url));
const run = promisify(execFile);

test('the code of the guide and of the example is correctly typed', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'guide.ts'), blocks('ts').join('\n'));
  const compilerOptions = { types: ['node'], composite: false, noEmit: true, allowJs: true, checkJs: true };
  const files = ['guide.ts', service];
  const config = { extends: join(root, 'tsconfig.base.json'), compilerOptions, files };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [compiler, '-p', folder]).catch((error) => error);
  assert.equal(stdout, '');
});

test('the code of the guide prints what the guide says', async () => {
  mkdirSync(folder, { recursive: true });
  const { code } = await transform(blocks('ts').join('\n'), { loader: 'ts', target: 'node20' });
  writeFileSync(join(folder, 'guide.mjs'), code);
  const { stdout, stderr } = await run(process.execPath, [join(folder, 'guide.mjs')], { timeout: 60_000 });
  assert.deepEqual([stdout, stderr], [blocks('text').join(''), '']);
});

test('instances of the example service know, ask and tell each other, and end when asked to', async (t) => {
  const first = await startService(t, 'web1', '127.0.0.1:0');
  const second = await startService(t, 'web2', '127.0.0.2:0', first.gossip);
  await eventually(async () => {
    const { name, peers } = await first.get('/');
    assert.deepEqual({ name, peers }, { name: 'web1', peers: [{ name: 'web2', url: second.url }] });
  });
  assert.equal((await second.get('/')).name, 'web2');
  await eventually(async () =>
    assert.deepEqual(Object.keys(await second.get('/load')).sort(), ['web1', 'web2']),
  );
  await fetch(`${second.url}announce`, { method: 'POST', body: 'lunch!' });
  await eventually(async () => assert.deepEqual(await first.get('/announcements'), ['lunch!']));
  for (const { child } of [first, second]) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    assert.equal(await ended, 0);
  }
});

/** The contents of all code blocks of a language. */
function blocks(language: string): string[] {
  const page = readFileSync(join(root, 'docs/guides/library.md'), 'utf8');
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, content = '']) => {
    return name === language ? [content] : [];
  });
}

interface Service {
  readonly child: ChildProcess;
  readonly url: string;
  readonly gossip: string;
  get(path: string): Promise<ReturnType<typeof JSON.parse>>;
}

async function startService(t: TestContext, name: string, bind: string, join?: string): Promise<Service> {
  const args = ['--name', name, '--gossip', bind, '--http', '0', ...(join ? ['--join', join] : [])];
  const child = spawn(process.execPath, [service, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let printed = '';
  const line = await new Promise<RegExpExecArray>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${name} ended: ${printed}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const match = /serves (\S+) and gossips on (\S+)\n/.exec(printed);
      if (match) resolve(match);
    });
  });
  const [, url = '', gossip = ''] = line;
  return { child, url, gossip, get: async (path) => (await fetch(new URL(path, url))).json() };
}

async function eventually(check: () => Promise<void>, withinMs = 60_000): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
