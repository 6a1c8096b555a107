// Runs a script to its end and says what came of it, and how to see it again. Next: scenarios/all.ts.

import { describeHappened, type Happened, provesSomething } from './faults/ledger.ts';
import type { ScenarioName } from './scenarios/all.ts';
import { runScript } from './script/run-script.ts';
import type { Violation } from './simulation.ts';

/** What came of a run. */
export interface RunReport {
  /** How long it lasted, virtual milliseconds. */
  readonly lastedMs: number;
  readonly nodes: number;
  /** Packets, writes and events of processes. */
  readonly steps: number;
  /** Equal for equal runs; see trace.ts. */
  readonly trace: string;
  readonly happened: Happened;
  /** False when nothing went wrong that a protocol has to stand. */
  readonly provesSomething: boolean;
  /** The first property that did not hold. */
  readonly violation: Violation | undefined;
}

/** Runs a script. @throws ScriptError when a line makes no sense. */
export function run(script: readonly string[]): RunReport {
  const { now, nodes, steps, trace, happened, violation } = runScript(script);
  return {
    lastedMs: now,
    nodes: nodes.length,
    steps,
    trace,
    happened,
    provesSomething: provesSomething(happened),
    violation,
  };
}

/** What came of a run, for people. */
export function describeReport(report: RunReport): readonly string[] {
  const { nodes, lastedMs, steps, trace, happened, violation } = report;
  const seconds = (lastedMs / 1_000).toFixed(1);
  return [
    `${nodes} nodes, ${seconds} s, ${steps} steps, trace ${trace}`,
    `what happened: ${describeHappened(happened)}`,
    ...(report.provesSomething
      ? []
      : ['no packet was lost, nobody was cut off or died: this proves nothing']),
    ...(violation ? [describeViolation(violation)] : ['every property held']),
  ];
}

/** One line; what was thrown brings its stack along. */
export function describeViolation({ property, sentence, atMs }: Violation): string {
  return `failed at ${(atMs / 1_000).toFixed(1)}s: ${sentence} (property: ${property})`;
}

/** The line that shows a run again up to what went wrong. */
export function replayLine(seed: number, { atMs }: Violation, scenario: ScenarioName = 'storm'): string {
  const choice = scenario === 'storm' ? '' : `--scenario ${scenario} `;
  return `npm run sim -- ${choice}--seed ${seed} --until ${Math.ceil(atMs / 1_000)}s`;
}
