// So many a second, and one word about the rest.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Allowance } from '../../dist/event-handlers/module/allowance.js';

test('so many a second are allowed, and one word is said in each second that had more', () => {
  let now = 5_000;
  let words = 0;
  const allowance = new Allowance(
    3,
    () => now,
    () => words++,
  );
  const take = (count: number): number =>
    Array.from({ length: count }, () => allowance.take()).filter(Boolean).length;
  assert.equal(take(3), 3);
  assert.equal(words, 0);
  now += 999;
  assert.equal(take(5), 0);
  assert.equal(words, 1);
  now += 1;
  assert.equal(take(4), 3);
  assert.equal(words, 2);
});
