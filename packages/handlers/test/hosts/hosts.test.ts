// The handler for hosts files: what it writes, and the options it refuses.

import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import hosts from '@reeve/handlers/hosts';
import { contextOf, folderOf, member, setupContext, someEvent } from '../handler-context.js';

test('the section follows the members, and a file that is right is not written', async (t) => {
  const file = join(await folderOf(t), 'hosts');
  await writeFile(file, '127.0.0.1 localhost\n');
  const state = await hosts.setup?.({ file }, setupContext);
  assert(state !== undefined);
  const members = [member('web1', '10.0.0.1'), member('localhost', '6.6.6.6')];
  const context = contextOf(state, members);
  await hosts.onMemberEvent?.(someEvent, context);
  assert.deepEqual(context.lines, ['no host names, or names of others: "localhost"']);
  assert.match(await readFile(file, 'utf8'), /^127\.0\.0\.1 localhost\n# BEGIN .*\n10\.0\.0\.1\tweb1\n# END/);
  const { ino } = await stat(file);
  await hosts.onMemberEvent?.(someEvent, contextOf(state, members));
  assert.equal((await stat(file)).ino, ino);
});

for (const [options, reason] of [
  [{ section: 'a\nb' }, /'section' must be one line/],
  [{ domain: 'a b' }, /'domain' must be a domain/],
  [{ datei: '/etc/hosts' }, /no option 'datei'/],
] as const) {
  test(`options are refused: ${reason.source}`, () => {
    assert.throws(() => hosts.setup?.(options, setupContext), reason);
  });
}
