// A disk that takes no more: nothing is acknowledged that is not kept, nothing is lost when it does again.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { close, logDirectory, openLog } from './log-kit.ts';

test('a write that fails tells why, and can be tried again until there is room', async (t) => {
  const directory = logDirectory(t);
  const child = fileURLToPath(new URL('children/full-disk.js', import.meta.url));
  const limit = ['--fsize=1500000:unlimited', process.execPath, child, directory];
  const { stdout, status } = spawnSync('prlimit', limit, { encoding: 'utf8', timeout: 60_000 });
  assert.match(stdout, /^failed write .*log-1: file too large\nwritten 5000\n$/);
  assert.equal(status, 0);
  const store = await openLog(directory);
  for (let index = 1; index <= 5_000; index++) assert.equal(store.read(index)?.index, index);
  await close(store);
});
