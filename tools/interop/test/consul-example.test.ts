// examples/database-failover with the original: what we show there is Consul, and not only ours.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Child, consulMissing } from '@reeve/interop';

const script = fileURLToPath(new URL('../../../examples/database-failover/run.mjs', import.meta.url));

test('the original fails over in the same story', { skip: consulMissing() }, async (t) => {
  const child = new Child(process.execPath, [script, '--consul', '--within=10']);
  t.after(() => child.signal('SIGTERM'));
  const { exit, stdout } = await child.ended;
  assert.equal(exit, 0);
  assert.match(stdout, /stays the primary\n.*a dead one was named for \d\.\d s at most\n$/s);
});
