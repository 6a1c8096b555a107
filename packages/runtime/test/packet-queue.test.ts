// Packets that arrive faster than they can be handled.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PacketQueue } from '../dist/node/packet-queue.js';

const from = { host: '10.0.0.1', port: 7946 };

test('packets that take long are handled in slices, in order, and others get a turn between', async () => {
  const handled: number[] = [];
  const queue = new PacketQueue(([number = -1]) => {
    handled.push(number);
    busyFor(4);
  });
  for (let number = 0; number < 40; number++) queue.add(Uint8Array.of(number), from);
  assert(handled.length < 10, `${handled.length} at once`);
  let turns = 0;
  while (handled.length < 40) {
    await nextTurn();
    turns += 1;
  }
  assert(turns > 4, `${turns} turns`);
  assert.deepEqual(handled, [...Array(40).keys()]);
});

test('of packets that nobody has time for some wait and the others are lost', async () => {
  let handled = 0;
  const queue = new PacketQueue(() => {
    if (handled++ === 0) busyFor(20);
  });
  const packet = new Uint8Array(1024 * 1024 - 512);
  for (let sent = 0; sent < 10; sent++) queue.add(packet, from);
  assert.equal(handled, 1);
  for (let turn = 0; turn < 10; turn++) await nextTurn();
  assert.equal(handled, 5);
});

test('what waits is forgotten when the socket closes, also while a packet is handled', async () => {
  let handled = 0;
  const queue = new PacketQueue(() => {
    if (++handled === 2) queue.clear();
    busyFor(20);
  });
  for (let sent = 0; sent < 5; sent++) queue.add(new Uint8Array(1), from);
  for (let turn = 0; turn < 10; turn++) await nextTurn();
  assert.equal(handled, 2);
});

function busyFor(durationMs: number): void {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs);
}
