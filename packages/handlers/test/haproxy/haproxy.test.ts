// The handler with programs that stand in for HAProxy: one that judges files, one that is told to reload.

import assert from 'node:assert/strict';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Member } from '@reeve/handler-api';
import haproxy from '@reeve/handlers/haproxy';
import { contextOf, folderOf, member, setupContext, someEvent } from '../handler-context.js';

const web1 = member('web1', '10.0.0.1', { role: 'web' });
const web2 = member('web2', '10.0.0.2', { role: 'web' });

test('a changed backend is checked with all other files, replaced and loaded', async (t) => {
  const { folder, update, reloads } = await standIn(t);
  await update([web1]);
  const written = await readFile(join(folder, 'web.cfg'), 'utf8');
  assert.match(written, /server web1 10\.0\.0\.1:80 check\n$/);
  assert.match(
    await readFile(join(folder, 'checked'), 'utf8'),
    new RegExp(`^-c -f ${folder}/main.cfg -f ${folder}/\\.web\\.cfg\\.\\d+\\.new\n$`),
  );
  assert.equal(await reloads(), 1);
  await update([web1]);
  assert.equal(await reloads(), 1);
  await update([web1, web2]);
  assert.equal(await reloads(), 2);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.endsWith('.new')),
    [],
  );
});

test('a backend that HAProxy refuses leaves the old one, and its complaint is the failure', async (t) => {
  const { folder, update, reloads } = await standIn(t);
  await update([web1]);
  await writeFile(join(folder, 'refuse'), '');
  await assert.rejects(update([web1, web2]), /haproxy\.sh -c .*: \[ALERT\] no good$/);
  assert.doesNotMatch(await readFile(join(folder, 'web.cfg'), 'utf8'), /web2/);
  assert.equal(await reloads(), 1);
});

test('a reload that failed is made up for with the next event', async (t) => {
  const { folder, update, reloads } = await standIn(t);
  await writeFile(join(folder, 'no-reload'), '');
  await assert.rejects(update([web1]), /reload\.sh/);
  await rm(join(folder, 'no-reload'));
  await update([web1]);
  assert.equal(await reloads(), 1);
});

test('without any server the last backend stays, unless an empty one is asked for', async (t) => {
  const kept = await standIn(t);
  await kept.update([web1]);
  assert.deepEqual(await kept.update([{ ...web1, status: 'failed' }]), [
    `no member with role web is alive; ${kept.folder}/web.cfg stays as it is`,
  ]);
  assert.match(await readFile(join(kept.folder, 'web.cfg'), 'utf8'), /web1/);
  const emptied = await standIn(t, { allow_empty: true });
  await emptied.update([web1]);
  await emptied.update([]);
  assert.doesNotMatch(await readFile(join(emptied.folder, 'web.cfg'), 'utf8'), /server/);
});

test('a process number that is none is told', async (t) => {
  const folder = await folderOf(t);
  await writeFile(join(folder, 'pid'), 'x\n');
  const { update } = await standIn(t, { reload: undefined, pid_file: join(folder, 'pid') });
  await assert.rejects(update([web1]), { message: `${folder}/pid holds no process number` });
});

const refused: readonly (readonly [options: Readonly<Record<string, unknown>>, reason: RegExp])[] = [
  [{}, /'file' is missing/],
  [{ file: '/x', config: ['/x'] }, /'pid_file' and 'reload' must be there/],
  [{ file: '/x', config: ['/x'], pid_file: 'p', reload: ['true'] }, /and not both/],
  [{ file: '/x', pid_file: 'p', config: ['/y'] }, /'config' must list .*, \/x among them/],
  [{ file: '/x', pid_file: 'p', rolle: 'web' }, /no option 'rolle'/],
];

for (const [options, reason] of refused) {
  test(`options are refused: ${reason.source}`, () => {
    assert.throws(() => haproxy.setup?.(options, setupContext), reason);
  });
}

async function standIn(t: TestContext, more: Readonly<Record<string, unknown>> = {}) {
  const folder = await folderOf(t);
  const judge = `#!/bin/sh
echo "$@" >> ${folder}/checked
if [ -e ${folder}/refuse ]; then printf '[ALERT] no good\\n  line 2\\n' >&2; exit 1; fi
`;
  const reload = `#!/bin/sh
if [ -e ${folder}/no-reload ]; then exit 1; fi
echo reload >> ${folder}/reloads
`;
  await writeScript(join(folder, 'haproxy.sh'), judge);
  await writeScript(join(folder, 'reload.sh'), reload);
  const given = {
    file: join(folder, 'web.cfg'),
    config: [join(folder, 'main.cfg'), join(folder, 'web.cfg')],
    program: join(folder, 'haproxy.sh'),
    reload: [join(folder, 'reload.sh')],
    ...more,
  };
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const state = await haproxy.setup?.(options, setupContext);
  assert(state !== undefined);
  return {
    folder,
    async update(members: readonly Member[]): Promise<readonly string[]> {
      const context = contextOf(state, members);
      await haproxy.onMemberEvent?.(someEvent, context);
      return context.lines;
    },
    async reloads(): Promise<number> {
      const text = await readFile(join(folder, 'reloads'), 'utf8').catch(() => '');
      return text.split('\n').length - 1;
    },
  };
}

async function writeScript(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await chmod(path, 0o755);
}
