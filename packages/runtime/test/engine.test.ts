// How the process of an agent is set.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { collectStart } from '@reeve/runtime/node';

test('what the start has left is collected once, and nothing else can collect', async () => {
  const left = new WeakRef({ bytes: 'of a file that was read' });
  await nextTurn(); // what a turn has looked at lives as long as the turn
  collectStart();
  assert.equal(left.deref(), undefined);
  assert.equal(typeof globalThis.gc, 'undefined');
});
