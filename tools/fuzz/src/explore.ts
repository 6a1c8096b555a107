// The guided run: what reaches new code is kept and mutated further.
//
// V8 takes a millisecond to say what was reached, a decoder some microseconds to run. So inputs are given in
// batches, and only a batch that has reached something new is given again, in halves, until the input is
// found (or not: a node with a memory does not take an input twice in the same way).
// Next: coverage.ts, what was reached; reproduce.ts, what is told of a failure.

import { type BlockCoverage, includes, type Reached } from './coverage.ts';
import { mutate } from './mutate.ts';
import type { SeededRandom } from './random.ts';
import { shrink } from './shrink.ts';
import type { FuzzTarget } from './target.ts';
import { Trial } from './trial.ts';

/** What an exploration works with. */
export interface ExplorationOptions {
  readonly target: FuzzTarget;
  readonly coverage: BlockCoverage;
  readonly random: SeededRandom;
  /** Called with every input before it is given. */
  readonly onInput?: (input: Uint8Array) => void;
}

/** Explores one target. */
export class Exploration {
  /** How many inputs were given. */
  inputs = 0;
  /** Inputs of which each has reached something that those before it had not. */
  readonly corpus: Uint8Array[] = [];
  /** What the present subject was given: behind a failure, what led to it. Bounded by subjectInputsMax. */
  given: Uint8Array[] = [];
  readonly #options: ExplorationOptions;
  #trial: Trial;

  constructor(options: ExplorationOptions) {
    this.#options = options;
    this.#trial = this.#open();
  }

  /** Keeps those of these inputs that are worth it, the shortest first. @throws FuzzError */
  begin(inputs: readonly Uint8Array[]): void {
    const { coverage } = this.#options;
    for (const each of inputs.toSorted((one, other) => one.length - other.length)) {
      const input = Uint8Array.from(each); // no Buffer: see mutate.ts
      const fresh = coverage.newIn(this.#reachedBy([input]));
      if (fresh === undefined) continue;
      this.corpus.push(input);
      coverage.add(fresh);
    }
  }

  /** Gives one batch of mutations. @throws FuzzError */
  step(): void {
    if (this.given.length >= subjectInputsMax) {
      this.#trial.close();
      this.#trial = this.#open();
    }
    const { random } = this.#options;
    // What was found last has hardly been mutated yet.
    const sources = random.below(2) === 0 ? this.corpus : this.corpus.slice(-newestInputs);
    this.#search(Array.from({ length: batchInputs }, () => mutate(random, [...sources, nothing])));
  }

  /** Ends the present subject. @throws FuzzError */
  close(): void {
    this.#trial.close();
  }

  #search(batch: readonly Uint8Array[]): void {
    const { coverage } = this.#options;
    const fresh = coverage.newIn(this.#reachedBy(batch));
    if (fresh === undefined) return;
    const [first, ...others] = batch;
    if (first !== undefined && others.length === 0) this.#keep(first, fresh);
    else for (const half of halves(batch)) this.#search(half);
    coverage.add(fresh); // what only the batch as a whole reaches is not looked for again
  }

  #keep(input: Uint8Array, fresh: Reached): void {
    const stillReaches = (part: readonly number[]) =>
      includes(this.#reachedBy([Uint8Array.from(part)]), fresh);
    this.corpus.push(Uint8Array.from(shrink([...input], stillReaches, shrinkMsMax)));
  }

  #reachedBy(batch: readonly Uint8Array[]): Reached {
    for (const input of batch) {
      this.#options.onInput?.(input);
      this.given.push(input);
      this.inputs++;
      this.#trial.give(input);
    }
    return this.#options.coverage.take();
  }

  #open(): Trial {
    const trial = new Trial(this.#options.target);
    this.given = [];
    this.#options.coverage.add(this.#options.coverage.take()); // to open it is nobody's merit
    return trial;
  }
}

function halves<T>(items: readonly T[]): readonly (readonly T[])[] {
  const middle = items.length >> 1;
  return [items.slice(0, middle), items.slice(middle)];
}

const nothing = new Uint8Array(0);
const batchInputs = 128;
const newestInputs = 16;
const subjectInputsMax = 10_000;
const shrinkMsMax = 30;
