// The process that explores one target for a while: whatever an input does to it, others are not harmed.
// Its words: the target's name and folder, the files' common beginning, seconds, and most inputs.
// Its starter, campaign.ts, is told how far it is and how it ended.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { BlockCoverage } from './coverage.ts';
import { Exploration } from './explore.ts';
import { findTargets } from './find-targets.ts';
import { readInputs, writeInputs } from './input-file.ts';
import { LastInput } from './last-input.ts';
import { SeededRandom } from './random.ts';
import { reproduce } from './reproduce.ts';
import { FuzzError } from './trial.ts';

/** What a worker tells. */
export interface Report {
  readonly inputs: number;
  readonly corpus: number;
  readonly blocks: number;
  /** How it ended; undefined as long as it works. */
  readonly end: 'passed' | { readonly failed: string } | undefined;
}

const [name, folder = '', files, seconds, inputsMax] = process.argv.slice(2);
const coverage = new BlockCoverage(); // before the code is loaded that it is to count
const found = (await findTargets([folder])).find((each) => each.name === name);
if (found === undefined) throw new Error(`There is no target ${name}.`);
const { target } = found;

const reportMs = 5_000;
const lastInput = new LastInput(`${files}.last`);
const random = new SeededRandom(Date.now());
let reportAt = 0;
const onInput = (input: Uint8Array) => {
  lastInput.write(input);
  if (Date.now() >= reportAt) report(undefined);
};
const exploration = new Exploration({ target, coverage, random, onInput });
report(await work());
process.disconnect?.();

async function work(): Promise<Report['end']> {
  const deadline = Date.now() + Number(seconds) * 1_000;
  let saved = 0;
  try {
    exploration.begin([...target.seeds, ...readInputs(`${files}.hex`)]);
    while (Date.now() < deadline && exploration.inputs < Number(inputsMax)) {
      exploration.step();
      if (saved < exploration.corpus.length) writeInputs(`${files}.hex`, exploration.corpus);
      saved = exploration.corpus.length;
      await nextTurn(); // what subjects have promised comes due
    }
    exploration.close();
    return 'passed';
  } catch (error) {
    if (!(error instanceof FuzzError)) throw error;
    writeInputs(`${files}.failed`, reproduce(target, exploration.given));
    return { failed: error.message };
  }
}

function report(end: Report['end']): void {
  reportAt = Date.now() + reportMs;
  const { inputs, corpus } = exploration;
  const message: Report = { inputs, corpus: corpus.length, blocks: coverage.blocks, end };
  process.send?.(message);
}
