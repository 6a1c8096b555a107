// All scenarios by name.

import { event } from './event.ts';
import { failure } from './failure.ts';
import { join } from './join.ts';
import { partition } from './partition.ts';
import type { Scenario } from './scenario.ts';

/** The scenarios that can be forecast. */
export const forecastScenarios = { event, failure, join, partition } as const satisfies Record<
  string,
  Scenario
>;

/** One of their names. */
export type ForecastScenario = keyof typeof forecastScenarios;
