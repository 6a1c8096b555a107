// Which cells of the papers' experiments are run: a few with a quarter of the members for every day, some
// with all of them for the tables in docs/protocol/, and all.

import type { Anomaly } from './interval.ts';
import type { ThresholdRun } from './threshold.ts';

/** How much is run. */
export interface Extent {
  readonly members: number;
  readonly anomalies: readonly Anomaly[];
  readonly thresholds: readonly Pick<ThresholdRun, 'concurrent' | 'durationMs'>[];
  readonly seeds: readonly number[];
  readonly swimMembers: readonly number[];
  readonly swimSeeds: readonly number[];
}

/** The names of the extents. */
export type ExtentName = keyof typeof extents;

/** All extents. */
export const extents = {
  daily: {
    members: 32,
    anomalies: grid([4], [8_192, 32_768], [16, 256]),
    thresholds: thresholds([4], [32_768]),
    seeds: [1],
    swimMembers: [8, 32, 56],
    swimSeeds: range(1, 10),
  },
  reduced: {
    members: 128,
    anomalies: grid([4, 16], [8_192, 32_768], [16, 4_096]),
    thresholds: thresholds([4, 16], [32_768]),
    seeds: [1],
    swimMembers: range(1, 7).map((step) => 8 * step),
    swimSeeds: range(1, 50),
  },
  full: {
    members: 128,
    anomalies: grid(doubled(1, 32), doubled(128, 32_768), doubled(1, 16_384)),
    thresholds: thresholds(doubled(1, 32), doubled(128, 32_768)),
    seeds: range(1, 10),
    swimMembers: range(1, 7).map((step) => 8 * step),
    swimSeeds: range(1, 200),
  },
} satisfies Record<string, Extent>;

function grid(concurrent: readonly number[], durationsMs: readonly number[], intervalsMs: readonly number[]) {
  return thresholds(concurrent, durationsMs).flatMap((disturbed) =>
    intervalsMs.map((intervalMs) => ({ ...disturbed, intervalMs })),
  );
}

function thresholds(concurrent: readonly number[], durationsMs: readonly number[]) {
  return concurrent.flatMap((count) => durationsMs.map((durationMs) => ({ concurrent: count, durationMs })));
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** From `first` to `last`, each twice the one before. */
function doubled(first: number, last: number): number[] {
  return range(0, Math.log2(last / first)).map((step) => first * 2 ** step);
}
