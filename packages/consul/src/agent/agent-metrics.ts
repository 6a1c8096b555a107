// The numbers that an agent and its parts tell about themselves, of the last minute, for `/v1/agent/metrics`
// and SIGUSR1. Names are upstream's, behind `telemetry.metrics_prefix`.
// Upstream: lib/telemetry.go, go-metrics.

import type { Metrics } from '@reeve/runtime';
import {
  dumpText,
  type Interval,
  InventedNames,
  intervalMs,
  MetricAggregates,
  type MetricKind,
  ProcessMetrics,
} from '@reeve/runtime/node';

/** The numbers of one agent, and of the process it runs in. */
export class AgentMetrics implements Metrics {
  readonly #prefix: string;
  readonly #aggregates = new MetricAggregates(() => ({ wallMs: Date.now(), uptimeMs: performance.now() }));
  /** What bounds the names: peers may invent some. */
  readonly #invented = new InventedNames(intervalMs);
  readonly #process: ProcessMetrics;

  /** Begins to measure the process. */
  constructor(prefix: string) {
    this.#prefix = prefix === '' ? '' : `${prefix}.`;
    // Often enough for each interval, although timers run late.
    this.#process = new ProcessMetrics(this, 0.9 * intervalMs);
  }

  count(name: string, value: number): void {
    this.#write('counter', name, value);
  }

  sample(name: string, value: number): void {
    this.#write('sample', name, value);
  }

  gauge(name: string, value: number): void {
    this.#write('gauge', name, value);
  }

  /** The last full ten seconds; of an agent that has just started, what there is. */
  latest(): Interval {
    return this.#withPrefix(this.#aggregates.latest());
  }

  /** The last minute as text, without the seconds since the last full ten. */
  dump(): string {
    return dumpText(this.#aggregates.finished().map((interval) => this.#withPrefix(interval)));
  }

  /** Measures the process no more. */
  close(): void {
    this.#process.close();
  }

  #write(kind: MetricKind, name: string, value: number): void {
    if (!Number.isFinite(value)) return;
    this.#aggregates.write(kind, this.#invented.fold(name, performance.now()), value);
  }

  /** A name is written thousands of times before anybody reads it. */
  #withPrefix({ startMs, gauges, counters, samples }: Interval): Interval {
    return {
      startMs,
      gauges: this.#named(gauges),
      counters: this.#named(counters),
      samples: this.#named(samples),
    };
  }

  #named<Value>(values: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
    return new Map([...values].map(([name, value]) => [this.#prefix + name, value]));
  }
}
