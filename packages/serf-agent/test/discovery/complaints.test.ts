// Packets that make no sense do not fill the log.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Complaints } from '../../dist/discovery/complaints.js';

test('there is one line a minute, and it counts what was left out', () => {
  let nowMs = 5;
  const lines: string[] = [];
  const complaints = new Complaints((level, text) => void lines.push(`[${level}] ${text}`), {
    now: () => nowMs,
    wallTime: () => 0,
  });
  for (let index = 0; index < 1_000; index++) complaints.add('10.0.0.1:5353', 'input ends early');
  nowMs += 59_999;
  complaints.add('10.0.0.2:5353', 'input ends early');
  nowMs += 1;
  complaints.add('10.0.0.3:5353', 'a name points forwards');
  assert.deepEqual(lines, [
    '[debug] agent.mdns: Dropped a packet from 10.0.0.1:5353: input ends early',
    '[debug] agent.mdns: Dropped a packet from 10.0.0.3:5353: a name points forwards, ' +
      'and 1000 others since the last such line',
  ]);
});
