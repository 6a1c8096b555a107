// Numbers of one interval as JSON, by name. Upstream: go-metrics inmem_endpoint.go (MetricsSummary).

import { compactJson, compareText, type JsonOutput } from '@reeve/cli';
import { type Aggregate, type Interval, intervalMs, standardDeviation } from '@reeve/runtime/node';

/** All of it. Points are of a kind that nobody sends. */
export function metricsJson({ startMs, gauges, counters, samples }: Interval): string {
  return compactJson({
    Timestamp: `${new Date(startMs).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`,
    Gauges: sorted(gauges).map(([name, value]) => ({ Name: name, Value: value, Labels: {} })),
    Points: [],
    Counters: sorted(counters).map(aggregateFields),
    Samples: sorted(samples).map(aggregateFields),
  });
}

function aggregateFields([name, aggregate]: readonly [string, Aggregate]): JsonOutput {
  const { count, sum, min, max } = aggregate;
  return {
    Name: name,
    Count: count,
    Rate: sum / (intervalMs / msPerSecond),
    Sum: sum,
    Min: min,
    Max: max,
    Mean: sum / count,
    Stddev: standardDeviation(aggregate),
    Labels: {},
  };
}

function sorted<Value>(values: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...values].sort(([a], [b]) => compareText(a, b));
}

const msPerSecond = 1_000;
