// What a handler module exports, and what the compiler knows of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineHandler } from '@reeve/handler-api';

test('a handler is what its author wrote, and its state has the type that setup returns', async () => {
  const written = {
    name: 'counts',
    setup: async () => ({ seen: 0 }),
    onEvent() {},
  };
  assert.equal(defineHandler(written), written);
  const typed = defineHandler({
    name: 'typed',
    setup: async ({ limit }) => ({ limit: Number(limit) }),
    onEvent: (_event, { state }) => assert.equal(state.limit.toFixed(1), '3.0'),
    close: (state) => assert.equal(state.limit, 3),
  });
  const state = await typed.setup?.({ limit: '3' }, { nodeName: 'n', log: console });
  assert(state !== undefined);
  await typed.close?.(state);
});
