// All measures, in the order of the table: what a command costs, what an agent costs, what it carries, how
// fast a cluster is.

import type { Measure } from './measure.ts';
import { events } from './measures/events.ts';
import { failure } from './measures/failure.ts';
import { join } from './measures/join.ts';
import { memory } from './measures/memory.ts';
import { packets } from './measures/packets.ts';
import { quiet } from './measures/quiet.ts';
import { ready } from './measures/ready.ts';
import { rpc } from './measures/rpc.ts';
import { spread } from './measures/spread.ts';
import { start } from './measures/start.ts';

/** Every measure. */
export const measures: readonly Measure[] = [
  start,
  ready,
  memory,
  quiet,
  packets,
  rpc,
  events,
  spread,
  failure,
  join,
];
