// What of our memory counts against the client of a connection.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NetworkStream } from '@reeve/runtime';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { PortBudget } from '../../dist/rpc/client-budget.js';
import { CountedStream } from '../../dist/rpc/counted-stream.js';

test('what is not taken counts against the client, until it is or the connection is gone', () => {
  const { timers } = new VirtualWorld({ seed: 1 }).host('10.0.0.1').runtime;
  const budget = new PortBudget().forClient();
  const nothing = (): void => {};
  const calls = { write: nothing, writeAll: nothing, pause: nothing, resume: nothing };
  const ends = { end: nothing, destroy: nothing };
  const full: NetworkStream = { remote: { host: '10.0.0.9', port: 1 }, isFull: true, ...calls, ...ends };
  const stream = new CountedStream(full, timers, budget, nothing);
  const half = new Uint8Array(33 << 20);
  const writeTwice = () => {
    for (let i = 0; i < 2; i++) stream.write(half);
  };
  writeTwice();
  assert.equal(budget.answers.isExceeded, true);
  stream.onTaken();
  assert.equal(budget.answers.isExceeded, false);
  writeTwice();
  assert.equal(budget.answers.isExceeded, true);
  stream.destroy();
  assert.equal(budget.answers.isExceeded, false);
});
