// Two processes, or two servers in one, must not write the same log.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLmdbLogStore } from '@reeve/raft/lmdb';

test('a log that is in use is refused, with the process that has it, until that ends', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-raft-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const store = openLmdbLogStore(directory);
  assert.throws(() => openLmdbLogStore(directory), {
    name: 'RaftError',
    message: new RegExp(
      `^${directory}: process ${process.pid} uses it. Stop that one first, or give this one`,
    ),
  });
  assert.equal(readFileSync(join(directory, 'lock'), 'latin1'), `${process.pid}\n`);
  await new Promise<void>((resolve) => store.close(resolve));
  const again = openLmdbLogStore(directory);
  await new Promise<void>((resolve) => again.close(resolve));
});
