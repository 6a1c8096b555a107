// A disk that takes no more: nothing is acknowledged that is not kept, nothing is lost when it does again.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLmdbLogStore } from '@reeve/raft/lmdb';

test('a write that fails tells why, and can be tried again until there is room', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-raft-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const child = fileURLToPath(new URL('children/full-disk.js', import.meta.url));
  const limit = ['--fsize=1000000:unlimited', process.execPath, child, directory];
  const { stdout, status } = spawnSync('prlimit', limit, { encoding: 'utf8', timeout: 60_000 });
  assert.match(stdout, /^failed .*log\.mdb: Error: Input\/output error\nwritten 5000\n$/);
  assert.equal(status, 0);
  const store = openLmdbLogStore(directory);
  for (let index = 1; index <= 5_000; index++) assert.equal(store.read(index)?.index, index);
  await new Promise<void>((resolve) => store.close(resolve));
});
