// Who gets more of our memory, and who does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Share } from '../../dist/clients/share.js';

test('when all together have too much, who has next to nothing gets more, and nobody else', () => {
  const all = new Share(100);
  const [large, small, other] = [new Share(80, 10, all), new Share(80, 10, all), new Share(80, 10, all)];
  const exceeded = () => [large, small, other].map(({ isExceeded }) => isExceeded);
  large.change(70);
  small.change(10);
  other.change(20);
  assert.deepEqual(exceeded(), [false, false, false]);
  other.change(1);
  assert.deepEqual(exceeded(), [true, false, true]);
  other.change(-21);
  assert.deepEqual(exceeded(), [false, false, false]);
  large.change(11);
  assert.deepEqual(exceeded(), [true, false, false], 'its own bound');
});
