// Files of others that are replaced: modes, links, approval, and bytes that are no UTF-8.

import assert from 'node:assert/strict';
import { chmod, lstat, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readText, replaceFile } from '../dist/replace-file.js';
import { folderOf } from './handler-context.js';

test('a file is replaced with its mode, and a link to it stays a link', async (t) => {
  const folder = await folderOf(t);
  await writeFile(join(folder, 'file'), 'old');
  await chmod(join(folder, 'file'), 0o640);
  await symlink('file', join(folder, 'link'));
  await replaceFile(join(folder, 'link'), 'new');
  assert.equal(await readFile(join(folder, 'file'), 'utf8'), 'new');
  assert.equal((await stat(join(folder, 'file'))).mode & 0o777, 0o640);
  assert((await lstat(join(folder, 'link'))).isSymbolicLink());
});

test('a file that is not approved leaves the old one and nothing else', async (t) => {
  const folder = await folderOf(t);
  const path = join(folder, 'file');
  await writeFile(path, 'old');
  const refuse = async (temporary: string): Promise<void> => {
    assert.equal(await readFile(temporary, 'utf8'), 'new');
    throw new Error('refused');
  };
  await assert.rejects(replaceFile(path, 'new', refuse), { message: 'refused' });
  assert.equal(await readFile(path, 'utf8'), 'old');
  assert.deepEqual(await readdir(folder), ['file']);
});

test('bytes that are no UTF-8 come back as they were', async (t) => {
  const path = join(await folderOf(t), 'file');
  assert.equal(await readText(path), undefined);
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  await writeFile(path, bytes);
  await replaceFile(path, `${await readText(path)}!`);
  assert.deepEqual(new Uint8Array(await readFile(path)), Uint8Array.of(...bytes, 0x21));
});
