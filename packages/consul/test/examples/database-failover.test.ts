// What examples/database-failover shows, with our program.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('../../../../examples/database-failover/run.mjs', import.meta.url));

test('a primary whose check fails is replaced, DNS tells so, and one replica only is promoted', async () => {
  // The promise is 2 s on a machine of one's own; the other tests need this one, too.
  const words = [script, '--within=10'];
  const { stdout } = await promisify(execFile)(process.execPath, words, { timeout: 300_000 });
  const promotions = [...stdout.matchAll(/(node\d) has the lock, and its database is the primary now/g)];
  const [before, promoted, ...more] = promotions.map(([, name]) => name);
  assert.deepEqual([before, more], ['node1', []]);
  assert.notEqual(promoted, 'node1');
  const lines = [
    'three servers agree that node\\d leads',
    'three databases and three web servers pass their checks',
    'the web server on node3 stores a row on node1',
    'kill -9 for the database on node1, the primary',
    '\\d\\.\\d s  DNS does not name it any more, on any of the machines',
    `DNS names ${promoted}, and curl /v1/kv/db/primary\\?raw says so, too`,
    `the web server on node3 stores a row on ${promoted}`,
    `DNS names it as a replica; ${promoted} stays the primary`,
    'kill -9 for the web server on node2',
    'DNS names the other two',
    'a dead one was named for \\d\\.\\d s at most',
  ];
  assert.match(stdout, new RegExp(lines.join('.*'), 's'));
});
