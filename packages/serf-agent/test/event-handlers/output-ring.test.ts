// The last bytes of what a handler prints.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutputRing } from '../../dist/event-handlers/output-ring.js';

test('a ring keeps the last bytes in order, however they came', () => {
  for (const sizes of [[1], [3], [8], [9], [100], [7, 1, 8], [1, 2, 3, 4, 5, 6], [16, 1]]) {
    const ring = new OutputRing(8);
    const written: number[] = [];
    for (let round = 0; round < 5; round++) {
      for (const size of sizes) {
        const chunk = Uint8Array.from({ length: size }, (_, at) => (written.length + at) % 256);
        written.push(...chunk);
        ring.write(chunk);
        assert.deepEqual([...ring.contents()], written.slice(-8), `after chunks of ${sizes}`);
      }
    }
  }
});

test('an empty ring has nothing', () => {
  assert.equal(new OutputRing(8).contents().length, 0);
});
