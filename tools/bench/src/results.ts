// From samples to what is told of them: our figure, the originals' figures, ours divided by each of theirs,
// and whether the goal is met. Next: report.ts.

import type { Program } from '@reeve/interop';
import type { Samples } from './alternate.ts';
import type { Figure, Goal, Measure } from './measure.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** One row of the table. */
export interface Result {
  readonly measure: string;
  readonly figure: Figure;
  readonly ours: Spread;
  readonly peers: readonly PeerResult[];
  /** Undefined without a goal. */
  readonly isMet: boolean | undefined;
}

/** An original's figure, and ours divided by it. */
export interface PeerResult {
  readonly title: string;
  readonly theirs: Spread;
  /** The ratio of the medians, and the ends of the ratios of single rounds. */
  readonly ratio: Spread;
}

/** The rows of one measure. The first program is ours. */
export function resultsOf(
  measure: Measure,
  programs: readonly Program[],
  samples: readonly Samples[],
): readonly Result[] {
  return Object.entries(measure.figures).map(([name, figure]) => {
    const [ours = [], ...theirs] = samples.map((sample) => sample[name] ?? []);
    const peers = theirs.map((values, index) => peerResult(programs[index + 1]?.title ?? '', ours, values));
    const spread = spreadOf(ours);
    return { measure: measure.name, figure, ours: spread, peers, isMet: isMet(figure, spread, peers) };
  });
}

function peerResult(title: string, ours: readonly number[], theirs: readonly number[]): PeerResult {
  const byRound = spreadOf(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
  const spread = spreadOf(theirs);
  return { title, theirs: spread, ratio: { ...byRound, median: spreadOf(ours).median / spread.median } };
}

/** A goal is met when it is met by the medians, and beside each original. */
function isMet({ goal, better }: Figure, ours: Spread, peers: readonly PeerResult[]): boolean | undefined {
  if (goal === undefined) return undefined;
  const values = 'value' in goal ? [ours.median] : peers.map(({ ratio }) => ratio.median);
  const wanted = goalNumber(goal);
  return values.every((value) => (better === 'lower' ? value <= wanted : value >= wanted));
}

/** What a goal is measured against. */
export function goalNumber(goal: Goal): number {
  return 'value' in goal ? goal.value : goal.ratio;
}
