// What messages may take of our memory: a share for each server, one for all strangers together.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReceiveBudget } from '../dist/transport/receive-budget.js';

const mib = 1 << 20;

test('strangers that hold too much together leave servers their shares', () => {
  const budget = new ReceiveBudget((host) => host === 'server');
  for (const stranger of ['one', 'other']) budget.change(stranger, 100 * mib);
  assert.deepEqual([budget.isExceededBy('one'), budget.isExceededBy('other')], [true, true]);
  budget.change('server', 100 * mib);
  assert.equal(budget.isExceededBy('server'), false);
  budget.change('server', 29 * mib);
  assert.equal(budget.isExceededBy('server'), true);
});

test('what is answered counts no longer', () => {
  const budget = new ReceiveBudget(() => false);
  for (const stranger of ['one', 'other']) budget.change(stranger, 100 * mib);
  budget.change('other', -100 * mib);
  assert.deepEqual([budget.isExceededBy('one'), budget.isExceededBy('other')], [false, false]);
});
