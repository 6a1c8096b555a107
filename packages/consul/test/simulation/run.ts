// A whole storm, what came of it, and how to see it again: what `npm run sim -- --scenario consul` shows.

import { createHash } from 'node:crypto';
import type { Stage } from './stage.ts';
import { Storm } from './storm.ts';
import { describeHappened, type Happened } from './weather.ts';

export { describeHappened } from './weather.ts';

/** What came of a run. */
export interface StormReport {
  /** Virtual milliseconds. */
  readonly lastedMs: number;
  /** Requests for keys, and how many of them were answered. */
  readonly requests: number;
  readonly answered: number;
  readonly wakeUps: number;
  readonly locks: number;
  readonly happened: Happened;
  /** False when nothing went wrong that servers have to stand. */
  readonly provesSomething: boolean;
  /** The faults with their times. */
  readonly diary: readonly string[];
  /** Equal for equal runs: a hash of all that clients asked and were told, and when. */
  readonly trace: string;
  /** What did not hold. */
  readonly violation: string | undefined;
}

/** Runs a seed. */
export async function runStorm(seed: number, forMs = defaultMs): Promise<StormReport> {
  const storm = new Storm(seed);
  let violation: string | undefined;
  try {
    await storm.run(forMs);
  } catch (error) {
    violation = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const { stage, weather, cluster } = storm;
  const { happened, diary } = weather;
  const answered = stage?.keys.filter(({ returned }) => Number.isFinite(returned)).length ?? 0;
  return {
    lastedMs: cluster.world.now,
    requests: stage?.keys.length ?? 0,
    answered,
    wakeUps: stage?.wakeUps ?? 0,
    locks: stage?.holds.length ?? 0,
    happened,
    provesSomething: happened.cutOff + happened.heldUp + happened.powerCuts + happened.blocks > 0,
    diary,
    trace: traceOf(stage),
    violation,
  };
}

/** What came of a run, for people. */
export function describeReport(report: StormReport): readonly string[] {
  const { lastedMs, requests, answered, wakeUps, locks, happened, trace, violation } = report;
  const unanswered = `${requests - answered} of ${requests} requests without an answer`;
  const seconds = (lastedMs / 1_000).toFixed(1);
  return [
    `3 servers, ${seconds} s, ${unanswered}, ${wakeUps} wake-ups, ${locks} locks, trace ${trace}`,
    `what happened: ${describeHappened(happened)}`,
    ...(report.provesSomething ? [] : ['nothing was cut off, blocked or killed: this proves nothing']),
    ...(violation === undefined ? ['every property held'] : [...report.diary, violation]),
  ];
}

function traceOf(stage: Stage | undefined): string {
  const seen = JSON.stringify([stage?.keys, stage?.indexes, stage?.holds]);
  return createHash('sha256').update(seen).digest('hex').slice(0, 16);
}

/** Virtual milliseconds of faults. */
const defaultMs = 60_000;
