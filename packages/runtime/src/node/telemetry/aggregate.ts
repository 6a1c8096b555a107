// The last minute in numbers, for whoever asks: intervals of 10 s, the newest still growing. What
// is kept of a name is its sum, extremes and deviation, never the single values.
// Upstream: go-metrics inmem.go (InmemSink).

import type { MetricKind, MetricSink } from './metric-sink.ts';

/** What became of the values of one name in one interval. */
export interface Aggregate {
  count: number;
  sum: number;
  sumOfSquares: number;
  min: number;
  max: number;
  /** When the last one came. */
  updatedAt: Moment;
}

/** A point in time on both clocks: since the Unix epoch, and since the process started. */
export interface Moment {
  readonly wallMs: number;
  readonly uptimeMs: number;
}

/** One interval. */
export interface Interval {
  /** Since the Unix epoch; a multiple of `intervalMs`. */
  readonly startMs: number;
  /** The last value of each gauge. */
  readonly gauges: ReadonlyMap<string, number>;
  readonly counters: ReadonlyMap<string, Aggregate>;
  readonly samples: ReadonlyMap<string, Aggregate>;
}

/** The numbers of the last minute. */
export class MetricAggregates implements MetricSink {
  readonly #now: () => Moment;
  // Bounded by intervalsMax; what is in each by the names that telemetry.ts lets through.
  readonly #intervals: GrowingInterval[] = [];

  constructor(now: () => Moment) {
    this.#now = now;
  }

  write(kind: MetricKind, name: string, value: number): void {
    const now = this.#now();
    const interval = this.#intervalAt(now);
    if (kind === 'gauge') interval.gauges.set(name, value);
    else addValue(kind === 'counter' ? interval.counters : interval.samples, name, value, now);
  }

  /** The intervals that are over, oldest first. */
  finished(): readonly Interval[] {
    this.#intervalAt(this.#now());
    return this.#intervals.slice(0, -1);
  }

  /** The last interval that is over; until there is one, the first as far as it has come. */
  latest(): Interval {
    const current = this.#intervalAt(this.#now());
    return this.#intervals.at(-2) ?? current;
  }

  #intervalAt({ wallMs }: Moment): GrowingInterval {
    const startMs = wallMs - (wallMs % intervalMs);
    const current = this.#intervals.at(-1);
    if (current?.startMs === startMs) return current;
    const next = { startMs, gauges: new Map(), counters: new Map(), samples: new Map() };
    this.#intervals.push(next);
    if (this.#intervals.length > intervalsMax) this.#intervals.shift();
    return next;
  }
}

interface GrowingInterval {
  readonly startMs: number;
  readonly gauges: Map<string, number>;
  readonly counters: Map<string, Aggregate>;
  readonly samples: Map<string, Aggregate>;
}

function addValue(aggregates: Map<string, Aggregate>, name: string, value: number, now: Moment): void {
  const aggregate = aggregates.get(name);
  if (aggregate === undefined) {
    const square = value * value;
    aggregates.set(name, {
      count: 1,
      sum: value,
      sumOfSquares: square,
      min: value,
      max: value,
      updatedAt: now,
    });
    return;
  }
  aggregate.count += 1;
  aggregate.sum += value;
  aggregate.sumOfSquares += value * value;
  aggregate.min = Math.min(aggregate.min, value);
  aggregate.max = Math.max(aggregate.max, value);
  aggregate.updatedAt = now;
}

/** How far values are from their mean, usually. Of almost equal ones the difference may be below 0. */
export function standardDeviation({ count, sum, sumOfSquares }: Aggregate): number {
  if (count < 2) return 0;
  return Math.sqrt(Math.max(0, count * sumOfSquares - sum * sum) / (count * (count - 1)));
}

/** How long an interval lasts. */
export const intervalMs = 10_000;
/** With the one that still grows. */
const intervalsMax = 6;
