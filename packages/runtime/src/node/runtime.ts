// The real world for one protocol node.

import type { Log } from '../log.ts';
import { type Metrics, noMetrics } from '../metrics.ts';
import type { Network } from '../network.ts';
import type { Runtime } from '../runtime.ts';
import { privateAddress } from './addresses.ts';
import { createDisk } from './disk.ts';
import { bindPackets } from './packets.ts';
import { createRandom } from './random.ts';
import { createResolver } from './resolve.ts';
import { dial, listen } from './streams.ts';
import { createTimers, systemClock } from './timers.ts';

/** Names, and streams that we open. */
export type Dialer = Pick<Network, 'dial' | 'resolve'>;

/** What a program adds to the world. */
export interface NodeRuntimeOptions {
  /** Takes the node's log lines. */
  readonly log: Log;
  /** Takes the node's numbers; none are kept without it. */
  readonly metrics?: Metrics;
}

/**
 * A runtime on this machine's clock, sockets and files. Nothing is open before a core asks for it.
 *
 * ```ts
 * const runtime = createNodeRuntime({ log: (level, text) => console.error(level, text) });
 * ```
 */
export function createNodeRuntime(options: NodeRuntimeOptions): Runtime {
  return {
    clock: systemClock,
    timers: createTimers(),
    random: createRandom(),
    network: createNetwork(),
    disk: createDisk(),
    log: options.log,
    metrics: options.metrics ?? noMetrics,
  };
}

/** What a client needs of this machine's network: without sockets for packets it starts faster. */
export function createDialer(): Dialer {
  return { dial, resolve: createResolver() };
}

/** This machine's network. */
export function createNetwork(): Network {
  return { bindPackets, listen, dial, resolve: createResolver(), privateAddress };
}
