// The threshold experiment of the Lifeguard paper (section V): some members are cut off from their messages
// once. How long until a member that runs undisturbed declares them dead, and until all have?

import { type ArmName, arms } from './arms.ts';
import { Group } from './group.ts';

/** One run. */
export interface ThresholdRun {
  readonly arm: ArmName;
  readonly members: number;
  readonly seed: number;
  /** How many members, all at once. */
  readonly concurrent: number;
  readonly durationMs: number;
}

/** What came of it: an entry for each disturbed member of which it can be said. */
export interface ThresholdResult {
  /** From the beginning to the first verdict of an undisturbed member. */
  readonly firstMs: readonly number[];
  /** … and to the last, if all came to it. */
  readonly allMs: readonly number[];
}

/** Runs it once. */
export function runThreshold({ arm, members, seed, concurrent, durationMs }: ThresholdRun): ThresholdResult {
  const group = new Group({ seed, members, config: arms[arm] });
  group.form();
  const disturbed = group.pick(concurrent);
  const beginMs = group.world.now;
  for (const { host } of disturbed) host.blockMessages(durationMs);
  group.world.run(durationMs);
  const times = disturbed.map((member) =>
    group.verdicts
      .filter(({ about, by }) => about === member && !disturbed.includes(by))
      .map(({ atMs }) => atMs - beginMs),
  );
  return {
    firstMs: times.flatMap((atMs) => atMs.slice(0, 1)),
    allMs: times.flatMap((atMs) => (atMs.length >= members - concurrent ? atMs.slice(-1) : [])),
  };
}
