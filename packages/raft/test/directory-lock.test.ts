// Two processes, or two servers in one, must not write the same log.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { close, logDirectory, openLog } from './log-kit.ts';

test('a log that is in use is refused, with the process that has it, until that ends', async (t) => {
  const directory = logDirectory(t);
  const store = await openLog(directory);
  await assert.rejects(openLog(directory), {
    name: 'RaftError',
    message: new RegExp(
      `^${directory}: process ${process.pid} uses it. Stop that one first, or give this one`,
    ),
  });
  assert.equal(readFileSync(join(directory, 'lock'), 'latin1'), `${process.pid}\n`);
  await close(store);
  await close(await openLog(directory));
});

test('a directory that cannot be locked is refused, with the file and why', async (t) => {
  const directory = logDirectory(t);
  const lock = join(directory, 'lock');
  mkdirSync(lock);
  await assert.rejects(openLog(directory), {
    name: 'RaftError',
    message: new RegExp(
      `^${lock}: the raft log cannot be used: open ${lock}: is a directory\\. Make the file`,
    ),
  });
});
