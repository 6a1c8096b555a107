// The whole contract in one value. Next: clock.ts, network.ts, disk.ts.

import type { Clock, Timers } from './clock.ts';
import type { Disk } from './disk.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';

/** The whole outside world of one protocol node. Handed to a core once, at construction. */
export interface Runtime {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly network: Network;
  readonly disk: Disk;
  readonly log: Log;
  readonly metrics: Metrics;
}
