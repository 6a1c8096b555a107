// A new configuration in the place of the old one.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { planHandlers } from '../../dist/event-handlers/handler-entry.js';
import { createHost, startHandlers, userEvent } from './handler-host.js';

test('a module is set up anew, with its code as it is now, and then the old one is closed', async (t) => {
  const { directory, write } = await moduleFolder(t, versionText('one'));
  const host = createHost();
  const entry = { handler: 'module:./h.mjs', directory };
  const handlers = await startHandlers(host, entry);
  t.after(() => handlers.close());
  handlers.onEvent(userEvent('a', ''));
  await host.logged('one handles a');
  await write(versionText('two'));
  await handlers.replace(planHandlers([entry]));
  handlers.onEvent(userEvent('b', ''));
  await host.logged('two handles b');
  await host.logged('one closes');
  assert.deepEqual(
    host.lines
      .filter((line) => line.includes('handler.'))
      .map((line) => line.slice('[INFO] handler.'.length)),
    ['one: one handles a', 'one: one closes', 'two: two handles b'],
  );
});

test('one new handler that is no good keeps all the old ones', async (t) => {
  const { directory } = await moduleFolder(t, versionText('one'));
  const host = createHost();
  const entry = { handler: 'module:./h.mjs', directory };
  const handlers = await startHandlers(host, entry);
  t.after(() => handlers.close());
  await assert.rejects(
    handlers.replace(planHandlers([entry, 'echo new', { handler: 'module:./none.mjs', directory }])),
    /there is no file/,
  );
  handlers.onEvent(userEvent('a', ''));
  await host.logged('one handles a');
  assert(!host.lines.some((line) => line.includes('output')));
});

test('what waits for a handler is handled by its successor, after what runs has ended', async (t) => {
  const folder = (await moduleFolder(t, '')).directory;
  const host = createHost();
  const script = `until [ -e ${folder}/go ]; do sleep 0.02; done; echo $SERF_USER_EVENT`;
  const failing = 'false';
  const handlers = await startHandlers(
    host,
    { handler: `user=${script}` },
    { handler: `user:a=${failing}`, retries: 5, retryDelayMs: 3_600_000 },
  );
  for (const name of ['a', 'b', 'c']) handlers.onEvent(userEvent(name, ''));
  await host.logged('trying again in 1m0s');
  await handlers.replace(planHandlers([{ handler: `user=${script}` }, { handler: `user:a=${failing}` }]));
  handlers.onEvent(userEvent('d', ''));
  await host.logged("Error invoking script 'false'", 2);
  assert(!host.lines.some((line) => line.includes('output: a')));
  await writeFile(join(folder, 'go'), '');
  await host.logged('output: d');
  assert.deepEqual(
    host.lines.flatMap((line) => /output: ([a-d])/.exec(line)?.[1] ?? []),
    ['a', 'b', 'c', 'd'],
  );
});

test('what waits for a handler that is gone is dropped with a line, and what runs may finish', async (t) => {
  const go = join((await moduleFolder(t, '')).directory, 'go');
  const host = createHost();
  const script = `until [ -e ${go} ]; do sleep 0.02; done; echo ran`;
  const handlers = await startHandlers(host, { handler: `user=${script}` });
  for (const name of ['a', 'b', 'c']) handlers.onEvent(userEvent(name, ''));
  await host.logged('slow, execution exceeding 1s');
  await handlers.replace(planHandlers([]));
  assert.equal(
    host.lines.at(-1),
    `[WARN] agent: Dropping 2 events that wait for '${script}', which is no longer configured`,
  );
  await writeFile(go, '');
  await host.logged('output: ran');
});

test('closing during a replacement leaves nothing behind', async (t) => {
  const { directory } = await moduleFolder(t, versionText('one'));
  const host = createHost();
  const handlers = await startHandlers(host);
  const replaced = handlers.replace(planHandlers([{ handler: 'module:./h.mjs', directory }]));
  await handlers.close();
  await replaced;
  await host.logged('one closes');
});

function versionText(version: string): string {
  return `export default {
    name: '${version}',
    onEvent(event, { log }) { log.info('${version} handles ' + event.name); },
    async close() { process.stdout.write('${version} closes'); },
  };`;
}

async function moduleFolder(t: TestContext, text: string) {
  const directory = await mkdtemp(join(tmpdir(), 'reeve-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const write = (content: string): Promise<void> => writeFile(join(directory, 'h.mjs'), content);
  await write(text);
  return { directory, write };
}
