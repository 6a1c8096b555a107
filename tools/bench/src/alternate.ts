// Runs a measure: the programs in turn, round after round, each round beginning with another one, so that
// whatever else the machine does meets all of them alike. Next: results.ts.

import type { Program } from '@reeve/interop';
import type { Effort, Measure, Say } from './measure.ts';

/** What one program yielded: the values of each figure, one a round. */
export type Samples = Readonly<Record<string, readonly number[]>>;

/** The samples of each program, in the order of `programs`; `say` is told what happens. */
export async function alternate(
  measure: Measure,
  programs: readonly Program[],
  effort: Effort,
  say: Say,
): Promise<readonly Samples[]> {
  const yields: Readonly<Record<string, number>>[][] = programs.map(() => []);
  const rounds = effort === 'quick' ? 1 : measure.rounds;
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < programs.length; turn++) {
      const index = (round + turn) % programs.length;
      const program = programs[index] as Program;
      const turnName = `${measure.name} ${round + 1}/${rounds}: ${program.title}`;
      say(turnName);
      yields[index]?.push(await measure.run(program, effort, (line) => say(`${turnName}: ${line}`)));
    }
  }
  return yields.map((turns) => samplesOf(measure, turns));
}

function samplesOf(measure: Measure, turns: readonly Readonly<Record<string, number>>[]): Samples {
  const valuesOf = (name: string): number[] => turns.map((values) => values[name] ?? Number.NaN);
  return Object.fromEntries(Object.keys(measure.figures).map((name) => [name, valuesOf(name)]));
}
