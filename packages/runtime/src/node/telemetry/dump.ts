// The numbers of the last minute as text, one line a name and interval. The lines are those that Go's
// go-metrics prints on a signal; times are in UTC, wherever we are.
// Upstream: go-metrics inmem_signal.go, inmem.go (AggregateSample.String).

import { type Aggregate, type Interval, type Moment, standardDeviation } from './aggregate.ts';

/** Writes intervals down: gauges, counters, samples. */
export function dumpText(intervals: readonly Interval[]): string {
  return intervals.map(intervalLines).join('');
}

function intervalLines({ startMs, gauges, counters, samples }: Interval): string {
  const line = (letter: string, name: string, what: string): string =>
    `[${wallText(startMs)} +0000 UTC][${letter}] '${name}': ${what}\n`;
  return [
    ...[...gauges].map(([name, value]) => line('G', name, value.toFixed(3))),
    ...[...counters].map(([name, aggregate]) => line('C', name, aggregateText(aggregate))),
    ...[...samples].map(([name, aggregate]) => line('S', name, aggregateText(aggregate))),
  ].join('');
}

// Where all values are equal only their sum is told.
function aggregateText(aggregate: Aggregate): string {
  const { count, sum, min, max, updatedAt } = aggregate;
  const deviation = standardDeviation(aggregate);
  const spread = [
    `Min: ${min.toFixed(3)}`,
    `Mean: ${(sum / count).toFixed(3)}`,
    `Max: ${max.toFixed(3)}`,
    `Stddev: ${deviation.toFixed(3)}`,
  ];
  const words = [
    `Count: ${count}`,
    ...(deviation === 0 ? [] : spread),
    `Sum: ${sum.toFixed(3)}`,
    `LastUpdated: ${momentText(updatedAt)}`,
  ];
  return words.join(' ');
}

// As Go prints a time with its monotonic reading: `2026-11-21 19:33:09.931 +0000 UTC m=+6.004451395`.
function momentText({ wallMs, uptimeMs }: Moment): string {
  const fraction = `${wallMs % 1000}`.padStart(3, '0').replace(/0+$/, '');
  const wall = `${wallText(wallMs)}${fraction === '' ? '' : `.${fraction}`}`;
  return `${wall} +0000 UTC m=+${(uptimeMs / 1000).toFixed(9)}`;
}

// `2026-11-21 19:33:09`
function wallText(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 19).replace('T', ' ');
}
