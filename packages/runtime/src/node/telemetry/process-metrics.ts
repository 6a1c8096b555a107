// What the process says about itself under the names of Go's runtime, each second where it is sent
// somewhere, otherwise as often as it is kept:
//
//   num_goroutines     what is open and can wake the process: sockets, timers, children
//   alloc_bytes        bytes in use on V8's heap
//   sys_bytes          bytes of memory the system gave us, code and buffers included
//   total_gc_runs      garbage collections so far, short ones included
//   total_gc_pause_ns  how long they took together; gc_pause_ns is a sample for each
//
// V8 does not count objects, so there is no malloc_count, free_count or heap_objects.
// Upstream: go-metrics metrics.go (EmitRuntimeStats).

import { PerformanceObserver } from 'node:perf_hooks';
import type { Metrics } from '../../metrics.ts';

/** Measures the process until it is closed; does not keep it running. */
export class ProcessMetrics {
  readonly #metrics: Metrics;
  readonly #timer: NodeJS.Timeout;
  readonly #collections: PerformanceObserver;
  #gcRuns = 0;
  #gcPauseNs = 0;

  constructor(metrics: Metrics, everyMs: number) {
    this.#metrics = metrics;
    this.#timer = setInterval(() => this.#measure(), everyMs).unref();
    this.#collections = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.#onCollection(duration);
    });
    this.#collections.observe({ entryTypes: ['gc'] });
  }

  /** Measures no more. */
  close(): void {
    clearInterval(this.#timer);
    this.#collections.disconnect();
  }

  #measure(): void {
    const { heapUsed, rss } = process.memoryUsage();
    this.#metrics.gauge('runtime.num_goroutines', openResources());
    this.#metrics.gauge('runtime.alloc_bytes', heapUsed);
    this.#metrics.gauge('runtime.sys_bytes', rss);
    this.#metrics.gauge('runtime.total_gc_pause_ns', this.#gcPauseNs);
    this.#metrics.gauge('runtime.total_gc_runs', this.#gcRuns);
  }

  #onCollection(durationMs: number): void {
    const pauseNs = Math.round(durationMs * 1e6);
    this.#gcRuns += 1;
    this.#gcPauseNs += pauseNs;
    this.#metrics.sample('runtime.gc_pause_ns', pauseNs);
  }
}

/** What we have in place of goroutines: what is open and can wake the process. */
export function openResources(): number {
  return process.getActiveResourcesInfo().length;
}
