// What ends with the node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Underway } from '@reeve/memberlist';

test('what is still under way is ended once, also when it was registered twice', () => {
  const underway = new Underway();
  let ends = 0;
  const end = (): void => {
    ends += 1;
  };
  const isOver = underway.add(end);
  underway.add(end);
  underway.add(end);
  isOver();
  underway.endAll();
  underway.endAll();
  assert.equal(ends, 2);
});
