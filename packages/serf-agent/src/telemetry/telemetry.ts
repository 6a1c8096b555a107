// The numbers that the agent and its cores tell about themselves: kept in memory for SIGUSR1, and sent to
// the statsd and statsite servers of the configuration. Names and formats are upstream's
// (cmd/serf/command/agent/command.go, setupTelemetry; go-metrics): the prefix `serf-agent`, and behind it,
// for gauges and as soon as there is a server to tell hosts apart for, the name of the host.
//
// Whatever the servers do, the agent does not wait for them. Next: metric-outlet.ts; and in the runtime
// telemetry/metric-name.ts (what bounds the names), aggregate.ts.

import { hostname } from 'node:os';
import type { Log, Metrics } from '@reeve/runtime';
import {
  cleanMetricName,
  dumpText,
  InventedNames,
  intervalMs,
  isInvented,
  MetricAggregates,
  type MetricKind,
  type MetricSink,
  ProcessMetrics,
} from '@reeve/runtime/node';
import type { AgentConfig } from '../config/schema.ts';
import { MetricOutlet } from './metric-outlet.ts';
import { connectStatsd } from './statsd.ts';
import { connectStatsite } from './statsite.ts';

/** Where numbers are sent, as `host:port`; empty: nowhere. */
export type TelemetryOptions = Pick<AgentConfig, 'statsdAddress' | 'statsiteAddress'>;

/**
 * The numbers of one agent, and of the process it runs in.
 *
 * ```ts
 * const telemetry = new Telemetry({ statsdAddress: '127.0.0.1:8125', statsiteAddress: '' }, log.write);
 * const runtime = createNodeRuntime({ log: log.write, metrics: telemetry });
 * ```
 */
export class Telemetry implements Metrics {
  readonly #aggregates = new MetricAggregates(() => ({
    wallMs: Date.now(),
    uptimeMs: performance.now(),
  }));
  readonly #outlets: readonly MetricOutlet[];
  readonly #sinks: readonly MetricSink[];
  readonly #invented = new InventedNames(intervalMs);
  /** What our sources and the configuration call them, whole. Bounded, as peers invent none of these. */
  readonly #ownNames = new Map<string, string>();
  readonly #gaugePrefix: string;
  readonly #process: ProcessMetrics;

  /** Begins to measure the process, and to send if there is anywhere to send to. */
  constructor(options: TelemetryOptions, log: Log) {
    const { statsdAddress, statsiteAddress } = options;
    this.#outlets = [
      ...(statsiteAddress === '' ? [] : [new MetricOutlet(connectStatsite(statsiteAddress), log)]),
      ...(statsdAddress === '' ? [] : [new MetricOutlet(connectStatsd(statsdAddress), log)]),
    ];
    this.#sinks = [...this.#outlets, this.#aggregates];
    this.#gaugePrefix = this.#outlets.length === 0 ? prefix : `${prefix}${cleanMetricName(hostname())}.`;
    // A gauge's last value in an interval is kept: asking more often would wake an idle agent for nothing.
    this.#process = new ProcessMetrics(this, this.#outlets.length === 0 ? keptEveryMs : sentEveryMs);
  }

  count(name: string, value: number): void {
    this.#write('counter', this.#wholeName(name), value);
  }

  sample(name: string, value: number): void {
    this.#write('sample', this.#wholeName(name), value);
  }

  gauge(name: string, value: number): void {
    this.#write('gauge', `${this.#gaugePrefix}${this.#known(name)}`, value);
  }

  /** The numbers of the last minute, without those of the seconds since the last full ten. */
  dump(): string {
    return dumpText(this.#aggregates.finished());
  }

  /** Measures no more; settles when what was still to be sent is sent, or has taken too long. */
  async close(): Promise<void> {
    this.#process.close();
    await Promise.all(this.#outlets.map((outlet) => outlet.close()));
  }

  #wholeName(name: string): string {
    if (isInvented(name)) return `${prefix}${this.#known(name)}`;
    let whole = this.#ownNames.get(name);
    if (whole === undefined) {
      whole = `${prefix}${this.#known(name)}`;
      this.#ownNames.set(name, whole);
    }
    return whole;
  }

  #known(name: string): string {
    return this.#invented.fold(cleanMetricName(name), performance.now());
  }

  #write(kind: MetricKind, name: string, value: number): void {
    if (!Number.isFinite(value)) return;
    for (const sink of this.#sinks) sink.write(kind, name, value);
  }
}

const prefix = 'serf-agent.';
const sentEveryMs = 1_000;
/** Every interval has a value, although timers run late. */
const keptEveryMs = 0.9 * intervalMs;
