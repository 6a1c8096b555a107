// What may happen to a cluster, one a file: it is begun, and tells at the end how news of it spread.

import type { Spread } from '../spread.ts';
import type { Stage } from '../stage.ts';

/** What a scenario is told. */
export interface ScenarioOptions {
  /** How long it is watched. */
  readonly durationMs: number;
  /** How many members a failure takes. */
  readonly kill: number;
}

/** A scenario. */
export interface Scenario {
  /** How many nodes it needs besides the members. */
  readonly newcomers: number;
  /** How long it is watched when nobody says anything else. */
  readonly usualMs: number;
  /** Begins now; returns what to ask at the end. */
  begin(stage: Stage, options: ScenarioOptions): () => readonly Spread[];
}
