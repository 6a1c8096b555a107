// The last minute in numbers, as SIGUSR1 shows it, beside the lines of the original.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTranscript } from '@reeve/golden';
import { dumpText, MetricAggregates, type Moment } from '@reeve/runtime/node';

const startedMs = Date.UTC(2026, 10, 21, 19, 33, 3, 900);

class Clock {
  uptimeMs = 0;
  readonly now = (): Moment => ({ wallMs: startedMs + this.uptimeMs, uptimeMs: this.uptimeMs });
}

test('[79] gauges, counters and samples are written as in the capture', () => {
  const clock = new Clock();
  const aggregates = new MetricAggregates(clock.now);
  clock.uptimeMs = 31;
  aggregates.write('gauge', 'serf-agent.runtime.sys_bytes', 1);
  aggregates.write('gauge', 'serf-agent.runtime.sys_bytes', 12_958_736);
  aggregates.write('counter', 'serf-agent.memberlist.msg.alive', 1);
  for (const value of [0.007, 0.093, 0.02]) {
    clock.uptimeMs += 2_000;
    aggregates.write('sample', 'serf-agent.memberlist.gossip', value);
  }
  assert.equal(dumpText(aggregates.finished()), '', 'an interval is told when it is over');
  clock.uptimeMs = 6_100;
  assert.equal(
    dumpText(aggregates.finished()),
    [
      "[2026-11-21 19:33:00 +0000 UTC][G] 'serf-agent.runtime.sys_bytes': 12958736.000",
      "[2026-11-21 19:33:00 +0000 UTC][C] 'serf-agent.memberlist.msg.alive': Count: 1 Sum: 1.000 " +
        'LastUpdated: 2026-11-21 19:33:03.931 +0000 UTC m=+0.031000000',
      "[2026-11-21 19:33:00 +0000 UTC][S] 'serf-agent.memberlist.gossip': Count: 3 Min: 0.007 Mean: 0.040 " +
        'Max: 0.093 Stddev: 0.046 Sum: 0.120 ' +
        'LastUpdated: 2026-11-21 19:33:09.931 +0000 UTC m=+6.031000000',
      '',
    ].join('\n'),
  );
  const captured = readTranscript('agent/sigusr1-metrics').stderr;
  for (const line of dumpText(aggregates.finished()).split('\n'))
    assert(withoutNumbers(captured).includes(withoutNumbers(line)), line);
});

test('equal values show their sum alone, and values that rounding makes almost equal no nonsense', () => {
  const clock = new Clock();
  const aggregates = new MetricAggregates(clock.now);
  for (let i = 0; i < 10; i++) aggregates.write('sample', 'x', 0.1);
  clock.uptimeMs = 10_000;
  assert.match(dumpText(aggregates.finished()), /'x': Count: 10 (Min: .* Stddev: 0.000 )?Sum: 1.000 Last/);
});

test('five finished intervals are kept, and silence is none', () => {
  const clock = new Clock();
  const aggregates = new MetricAggregates(clock.now);
  for (let i = 0; i < 20; i++) {
    aggregates.write('counter', 'x', 1);
    clock.uptimeMs += 10_000;
  }
  assert.deepEqual(
    aggregates.finished().map(({ counters }) => counters.get('x')?.count),
    [1, 1, 1, 1, 1],
  );
  clock.uptimeMs += 3_600_000;
  assert.equal(aggregates.finished().length, 5);
});

function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+(\.\d+)?/g, 'N');
}
