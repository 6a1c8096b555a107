// What was heard at recent Lamport times: new, seen, early, old and crowded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LamportBuffer } from '../dist/core/lamport-buffer.js';

test('an item is new once, and new again at another time', () => {
  const buffer = createBuffer();
  assert.equal(buffer.add(1, 'a'), 'new');
  assert.equal(buffer.add(1, 'a'), 'seen');
  assert.equal(buffer.add(1, 'b'), 'new');
  assert.equal(buffer.add(2, 'a'), 'new');
});

test('an item older than the ring is old, one just inside is not', () => {
  const buffer = createBuffer();
  buffer.add(19, 'a');
  assert.equal(buffer.add(11, 'a'), 'old');
  assert.equal(buffer.add(12, 'a'), 'new');
});

test('a later time takes the slot of an earlier one', () => {
  const buffer = createBuffer();
  buffer.add(1, 'early');
  buffer.add(9, 'late');
  assert.deepEqual(
    buffer.slots().map((slot) => slot && [slot.lTime, ...slot.items]),
    [undefined, [9, 'late'], ...new Array(6).fill(undefined)],
  );
});

test('nothing before the minimum time counts', () => {
  const buffer = createBuffer();
  buffer.ignoreBefore(5);
  buffer.ignoreBefore(3);
  assert.equal(buffer.add(4, 'a'), 'early');
  assert.equal(buffer.add(5, 'a'), 'new');
});

test('when memory runs out the oldest time is closed, so nothing is told twice', () => {
  const buffer = createBuffer();
  for (let time = 1; time <= 4; time++) {
    for (const item of ['a', 'b', 'c']) buffer.add(time, item);
  }
  assert.equal(buffer.add(4, 'd'), 'new', 'time 1 gives way');
  assert.equal(buffer.add(1, 'a'), 'early');
  assert.equal(buffer.add(2, 'a'), 'seen');
});

test('one time alone cannot take more memory than there is', () => {
  const buffer = createBuffer();
  for (let item = 0; item < 12; item++) assert.equal(buffer.add(1, `item ${item}`), 'new');
  assert.equal(buffer.add(1, 'one more'), 'crowded');
});

function createBuffer(): LamportBuffer<string> {
  return new LamportBuffer<string>({ size: 8, keyOf: (item) => item, costOf: () => 1, costMax: 12 });
}
