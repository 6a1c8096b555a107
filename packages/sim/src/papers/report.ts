// The papers' tables, filled with our numbers, as Markdown. Published figures: "Lifeguard: Local Health
// Awareness for More Accurate Failure Detection" (DSN 2018), the rows of all parts together.

import { type ArmName, arms } from './arms.ts';
import type { IntervalResult, IntervalRun } from './interval.ts';
import type { SwimResult, SwimRun } from './swim.ts';
import type { ThresholdResult, ThresholdRun } from './threshold.ts';

/** A run and what came of it. */
export interface Outcome<Run, Result> {
  readonly run: Run;
  readonly result: Result;
}

/** False positives and load of each arm over all cells, beside plain SWIM's. */
export function intervalTable(outcomes: readonly Outcome<IntervalRun, IntervalResult>[]): readonly string[] {
  const totals = armsOf(outcomes).map((arm) => ({ arm, total: totalOf(resultsOf(outcomes, arm)) }));
  const swim = totals.find(({ arm }) => arm === 'SWIM')?.total ?? noLoad;
  return [
    '| arm | FP | FP- | FP, % of SWIM | FP-, % | messages, % | bytes, % | published: FP, FP-, messages |',
    '| --- | --: | --: | --: | --: | --: | --: | --- |',
    ...totals.map(({ arm, total }) => {
      const shares = [
        percent(total.falsePositives, swim.falsePositives),
        percent(total.falsePositivesAtHealthy, swim.falsePositivesAtHealthy),
        percent(total.messages, swim.messages),
        percent(total.bytes, swim.bytes),
      ];
      const published = arm === 'Lifeguard' ? '1.53 %, 1.89 %, 110.6 %' : '';
      return row(arm, total.falsePositives, total.falsePositivesAtHealthy, ...shares, published);
    }),
  ];
}

/** The same cell by cell: false positives, and messages beside plain SWIM's. */
export function cellTable(outcomes: readonly Outcome<IntervalRun, IntervalResult>[]): readonly string[] {
  const names = armsOf(outcomes);
  const cells = [...new Set(outcomes.map(({ run }) => cellOf(run)))].sort(byNumbers);
  return [
    `| C, D, I | ${names.map((arm) => `${arm}: FP, messages %`).join(' | ')} |`,
    `| --- |${' --: |'.repeat(names.length)}`,
    ...cells.map((cell) => {
      const inCell = outcomes.filter(({ run }) => cellOf(run) === cell);
      const swim = totalOf(resultsOf(inCell, 'SWIM'));
      const totals = names.map((arm) => totalOf(resultsOf(inCell, arm)));
      const shares = totals.map((total) => {
        return `${total.falsePositives}, ${percent(total.messages, swim.messages)}`;
      });
      return row(cell, ...shares);
    }),
  ];
}

/** How long each arm takes to notice that members are really cut off: medians, seconds. */
export function thresholdTable(
  outcomes: readonly Outcome<ThresholdRun, ThresholdResult>[],
): readonly string[] {
  return [
    '| arm | first verdict, median | all have it, median | detected |',
    '| --- | --: | --: | --: |',
    ...armsOf(outcomes).map((arm) => {
      const results = resultsOf(outcomes, arm);
      const firstMs = results.flatMap((result) => result.firstMs);
      const allMs = results.flatMap((result) => result.allMs);
      return row(arm, seconds(median(firstMs)), seconds(median(allMs)), firstMs.length);
    }),
  ];
}

/** Load and latencies over the size of the group: means, in protocol periods. */
export function swimTable(outcomes: readonly Outcome<SwimRun, SwimResult>[]): readonly string[] {
  const sizes = [...new Set(outcomes.map(({ run }) => run.members))];
  return [
    '| members | messages | first suspicion | half suspect | all suspect | all declare it dead |',
    '| --: | --: | --: | --: | --: | --: |',
    ...sizes.map((members) => {
      const results = outcomes.filter(({ run }) => run.members === members).map(({ result }) => result);
      const means = columns.map((column) => mean(results.map((result) => result[column])).toFixed(2));
      return row(members, ...means);
    }),
  ];
}

/** Everything an arm did, together. */
export function totalOf(results: readonly IntervalResult[]): IntervalResult {
  return results.reduce(
    (total, result) => ({
      messages: total.messages + result.messages,
      bytes: total.bytes + result.bytes,
      falsePositives: total.falsePositives + result.falsePositives,
      falsePositivesAtHealthy: total.falsePositivesAtHealthy + result.falsePositivesAtHealthy,
      detections: total.detections + result.detections,
    }),
    noLoad,
  );
}

/** The one in the middle; NaN when there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Those that were run, in the paper's order. */
function armsOf(outcomes: readonly Outcome<{ readonly arm: ArmName }, unknown>[]): readonly ArmName[] {
  const names = Object.keys(arms) as ArmName[];
  return names.filter((arm) => outcomes.some(({ run }) => run.arm === arm));
}

function resultsOf<Result>(outcomes: readonly Outcome<{ readonly arm: ArmName }, Result>[], arm: ArmName) {
  return outcomes.filter(({ run }) => run.arm === arm).map(({ result }) => result);
}

function cellOf({ concurrent, durationMs, intervalMs }: IntervalRun): string {
  return `${concurrent}, ${durationMs}, ${intervalMs}`;
}

function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function row(...cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function percent(part: number, whole: number): string {
  return ((100 * part) / whole).toFixed(2);
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(2);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const columns = ['load', 'firstSuspicion', 'halfSuspect', 'allSuspect', 'allDeclare'] as const;
const noLoad: IntervalResult = {
  messages: 0,
  bytes: 0,
  falsePositives: 0,
  falsePositivesAtHealthy: 0,
  detections: 0,
};
