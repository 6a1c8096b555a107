// An agent tells the servers its coordinate: the larger the cluster, the less often.
// Upstream: agent/agent.go (sendCoordinate), lib/cluster.go (RateScaledInterval).

import type { Runtime, Timer } from '@reeve/runtime';
import type { Coordinate } from '@reeve/serf/core';
import { logFields } from '../log/log-fields.ts';
import { type Caller, coordinate } from '../rpc/methods/index.ts';

/** Who tells. */
export interface CoordinateUpdatesOptions {
  readonly runtime: Pick<Runtime, 'timers' | 'random' | 'log'>;
  readonly caller: Caller;
  readonly datacenter: string;
  readonly nodeName: string;
  /** All agents together tell so many a second. */
  readonly rateTarget: number;
  readonly intervalMinMs: number;
  readonly clusterSize: () => number;
  /** Undefined: it takes no part. */
  readonly coordinate: () => Coordinate | undefined;
}

/** Tells until it is stopped. */
export class CoordinateUpdates {
  readonly #options: CoordinateUpdatesOptions;
  #next: Timer | undefined;
  #isStopped = false;

  constructor(options: CoordinateUpdatesOptions) {
    this.#options = options;
    this.#awaitNext();
  }

  stop(): void {
    this.#isStopped = true;
    this.#next?.cancel();
  }

  #awaitNext(): void {
    const { runtime, rateTarget, intervalMinMs, clusterSize } = this.#options;
    const scaledMs = rateTarget > 0 ? (clusterSize() / rateTarget) * msPerSecond : intervalMinMs;
    const intervalMs = Math.max(scaledMs, intervalMinMs);
    this.#next = runtime.timers.after(intervalMs * (1 + runtime.random.float()), () => void this.#tell());
  }

  async #tell(): Promise<void> {
    const { runtime, caller, datacenter, nodeName } = this.#options;
    const found = this.#options.coordinate();
    try {
      const update = { datacenter, node: nodeName, segment: '', token: '', coordinate: found ?? null };
      if (found !== undefined) await caller.call(coordinate.update, update);
    } catch (error) {
      const fields = logFields({ error: (error as Error).message });
      if (!this.#isStopped) runtime.log('err', `agent: Coordinate update error${fields}`);
    }
    if (!this.#isStopped) this.#awaitNext();
  }
}

const msPerSecond = 1_000;
