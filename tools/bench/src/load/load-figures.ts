// What is told of a load: how many answers a second, how long they took, what they cost the servers.

import type { Figure, Goal, LoadPart, Say } from '../measure.ts';
import type { LoadJob, LoadYield } from './job.ts';
import { runLoad } from './run-load.ts';

/** One load of a measure. */
export interface LoadRow {
  /** For people, and unique in its measure: `GET default, leader, 64 connections`. */
  readonly title: string;
  /** Ours divided by the original's must be at least this. */
  readonly ratio?: number;
}

/** The figures of a load. Latencies at the far end must not be worse than the original's. */
export function loadFigures(rows: readonly LoadRow[]): Readonly<Record<string, Figure>> {
  return Object.fromEntries(rows.flatMap(figuresOf));
}

function figuresOf({ title, ratio }: LoadRow): [string, Figure][] {
  const figure = (part: LoadPart, unit: string, goal?: Goal): [string, Figure] => {
    const better = part === 'rate' ? 'higher' : 'lower';
    const named = { title: `${title}: ${part}`, unit, better, load: { title, part } } as const;
    return [named.title, goal === undefined ? named : { ...named, goal }];
  };
  return [
    figure('rate', '/s', ratio === undefined ? undefined : { ratio }),
    figure('p50', 'ms'),
    figure('p99', 'ms', { ratio: 1 }),
    figure('cpu', 'ms for 1,000'),
  ];
}

/**
 * Runs a load and returns the values of its figures: none if there was an error. It is warmed up with many
 * requests under way, whatever it measures: what a server compiles and caches counts requests, not seconds.
 */
export async function loadValues(title: string, job: LoadJob, say: Say): Promise<Record<string, number>> {
  const { warmUpMs } = job;
  if (warmUpMs > 0) await runLoad({ ...job, underWay: warmUpUnderWay, warmUpMs: 0, watchMs: warmUpMs });
  const result = await runLoad({ ...job, warmUpMs: Math.min(warmUpMs, settleMsMax) });
  say(`${title}: ${describe(result)}`);
  const valid = (value: number): number => (result.errors === 0 ? value : Number.NaN);
  return {
    [`${title}: rate`]: valid(result.answersPerSecond),
    [`${title}: p50`]: valid(result.p50Ms),
    [`${title}: p99`]: valid(result.p99Ms),
    [`${title}: cpu`]: valid(result.cpuMsPer1000),
  };
}

function describe({ answersPerSecond, p50Ms, p99Ms, cpuMsPer1000, ...rest }: LoadYield): string {
  const rate = `${Math.round(answersPerSecond)}/s, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`;
  const errors = rest.errors === 0 ? '' : `; ${rest.errors} errors: ${rest.firstError}`;
  return `${rate}, CPU ${cpuMsPer1000.toFixed(1)} ms for 1,000${errors}`;
}

const warmUpUnderWay = 64;
/** Until the load proper is in its stride. */
const settleMsMax = 200;
