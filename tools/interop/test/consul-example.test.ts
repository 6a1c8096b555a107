// The examples with the original: what we show there is Consul, and not only ours.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Child, consulMissing } from '@reeve/interop';

test('the original fails over in the same story', { skip: consulMissing() }, async (t) => {
  const child = new Child(process.execPath, [script('database-failover'), '--consul', '--within=10']);
  t.after(() => child.signal('SIGTERM'));
  const { exit, stdout } = await child.ended;
  assert.equal(exit, 0);
  assert.match(stdout, /stays the primary\n.*a dead one was named for \d\.\d s at most\n$/s);
});

test("the original's web tier is the same story", { skip: consulMissing() }, async (t) => {
  const child = new Child(process.execPath, [script('web-service'), '--consul']);
  t.after(() => child.signal('SIGTERM'));
  const { exit, stdout } = await child.ended;
  assert.equal(exit, 0);
  assert.match(stdout, /name the first two\n.*somebody visited the proxy \d+ times, 0 times in vain\n$/s);
});

function script(example: string): string {
  return fileURLToPath(new URL(`../../../examples/${example}/run.mjs`, import.meta.url));
}
