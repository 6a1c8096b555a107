// The runtime contract on Node.js. Next: runtime.ts.

export { bindFailure, dialFailure, fileFailure } from '../failures.ts';
export type { HostAddress, InterfaceAddress } from './addresses.ts';
export {
  byUsefulness,
  canonicalAddress,
  hostAddresses,
  hostName,
  interfaceAddresses,
  passLiteral,
  privateAddress,
} from './addresses.ts';
export { createDisk } from './disk.ts';
export { collectStart, forgetMallocSettings, tuneForPackets } from './engine.ts';
export { createRandom } from './random.ts';
export type { Dialer, NodeRuntimeOptions } from './runtime.ts';
export { createDialer, createNetwork, createNodeRuntime } from './runtime.ts';
export { listenAtPath } from './streams.ts';
export { diskErrorAt, errorCode } from './system-error.ts';
export type { Aggregate, Interval, Moment } from './telemetry/aggregate.ts';
export { intervalMs, MetricAggregates, standardDeviation } from './telemetry/aggregate.ts';
export { dumpText } from './telemetry/dump.ts';
export { cleanMetricName, InventedNames, isInvented } from './telemetry/metric-name.ts';
export type { MetricKind, MetricSink } from './telemetry/metric-sink.ts';
export { openResources, ProcessMetrics } from './telemetry/process-metrics.ts';
export { createTimers, systemClock } from './timers.ts';
