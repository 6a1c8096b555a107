// How many calls an agent may make. Upstream: golang.org/x/time/rate.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallLimit } from '../../dist/rpc/limited-caller.js';

test('calls may be made at a rate, and so many at once, however long none was made', () => {
  let nowMs = 0;
  const limit = new CallLimit({ now: () => nowMs, wallTime: () => nowMs }, { rate: 2, burstMax: 3 });
  const callsUntilRefused = () => {
    for (let calls = 0; ; calls++) {
      try {
        limit.take();
      } catch (error) {
        assert.equal((error as Error).message, 'RPC rate limit exceeded');
        return calls;
      }
    }
  };
  assert.equal(callsUntilRefused(), 3);
  nowMs += 500;
  assert.equal(callsUntilRefused(), 1);
  nowMs += 3_600_000;
  assert.equal(callsUntilRefused(), 3);
});
