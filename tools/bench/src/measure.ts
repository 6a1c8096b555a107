// What a measure is: something that can be done to any of the programs and yields numbers. One a file in
// measures/. Next: alternate.ts, which runs them.

import type { Program } from '@reeve/interop';

/** One number of a measure, and what we want it to be. */
export interface Figure {
  /** For people: `members`, `memory of 52 agents (PSS)`. */
  readonly title: string;
  /** `ms`, `MiB`, `/s` … */
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  readonly goal?: Goal;
  /** Of a load, which has a line of its own with four figures: which of them this is, and of which load. */
  readonly load?: { readonly title: string; readonly part: LoadPart };
}

/** What is told of a load: answers a second, how long they took, what 1,000 of them cost the servers. */
export type LoadPart = 'rate' | 'p50' | 'p99' | 'cpu';

/**
 * What was promised. `ratio`: ours divided by the original's, at least that if higher is better, else at
 * most. `value`: ours alone, likewise.
 */
export type Goal = { readonly ratio: number } | { readonly value: number };

/** A measure. */
export interface Measure {
  /** What selects it: `npm run bench -- packets`. */
  readonly name: string;
  /** How it is measured, one or two sentences for the head of the output. */
  readonly method: string;
  /** By the names that `run` returns. */
  readonly figures: Readonly<Record<string, Figure>>;
  /** How often each program has its turn. */
  readonly rounds: number;
  /** One turn of one program: the value of each figure. */
  readonly run: (program: Program, effort: Effort, say: Say) => Promise<Readonly<Record<string, number>>>;
}

/** Tells a line of progress. */
export type Say = (line: string) => void;

/** How much time a turn may take: `quick` shows that everything works, its figures are rough. */
export type Effort = 'full' | 'quick';
