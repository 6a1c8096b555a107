// A whole storm, what came of it, and how to see it again: what `npm run sim -- --scenario consul` shows.

import { createHash } from 'node:crypto';
import { describeHappened, type Happened } from './diary.ts';
import type { Stage } from './stage.ts';
import { Storm } from './storm.ts';

export { describeHappened } from './diary.ts';

/** How a storm differs from what its seed says. */
export interface StormOptions {
  /** Virtual milliseconds of faults. */
  readonly forMs?: number;
  /** How many servers begin. */
  readonly servers?: number;
}

/** What came of a run. */
export interface StormReport {
  readonly servers: number;
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
export async function runStorm(seed: number, options: StormOptions = {}): Promise<StormReport> {
  const { forMs = defaultMs, servers = serversOf(seed) } = options;
  const storm = new Storm(seed, servers);
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
    servers,
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
  const { servers, lastedMs, requests, answered, wakeUps, locks, happened, trace, violation } = report;
  const unanswered = `${requests - answered} of ${requests} requests without an answer`;
  const seconds = (lastedMs / 1_000).toFixed(1);
  return [
    `${servers} servers, ${seconds} s, ${unanswered}, ${wakeUps} wake-ups, ${locks} locks, trace ${trace}`,
    `what happened: ${describeHappened(happened)}`,
    ...(report.provesSomething ? [] : ['nothing was cut off, blocked or killed: this proves nothing']),
    ...(violation === undefined ? ['every property held'] : [...report.diary, violation]),
  ];
}

/** Three and five by turns, whatever else depends on the seed; sometimes four. */
function serversOf(seed: number): number {
  return [5, 3, 5, 3, 4][seed % 5] ?? 3;
}

function traceOf(stage: Stage | undefined): string {
  const seen = JSON.stringify([stage?.keys, stage?.indexes, stage?.holds]);
  return createHash('sha256').update(seen).digest('hex').slice(0, 16);
}

const defaultMs = 60_000;
