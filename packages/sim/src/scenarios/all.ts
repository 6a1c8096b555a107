// All scenarios by name: what `npm run sim` can run, each a script for every seed.

import { agents } from './agents.ts';
import { hostile } from './hostile.ts';
import { longPartition } from './long-partition.ts';
import { massRestart } from './mass-restart.ts';
import { storm } from './storm.ts';

/** Names of scenarios. */
export type ScenarioName = keyof typeof scenarios;

/** The script of a seed. */
export type Scenario = (seed: number) => readonly string[];

/** All of them. */
export const scenarios = {
  storm,
  agents,
  hostile,
  'mass-restart': massRestart,
  'long-partition': longPartition,
} satisfies Record<string, Scenario>;
