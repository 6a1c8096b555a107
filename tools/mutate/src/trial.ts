// Tries faults, several at once, each in a copy of the repository: the tests are asked one file after the
// other until one fails. A test that fails without the fault as well proves nothing; it is asked no more.
// Next: working-copy.ts, judges.ts, run-test.ts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from './fault.ts';
import { judgesOf } from './judges.ts';
import { runTestSurely, type TestOutcome } from './run-test.ts';
import { askStorms, type Storms } from './storms.ts';
import { WorkingCopy } from './working-copy.ts';

/** What became of a fault. */
export type Verdict =
  | { readonly kind: 'caught'; readonly test: string; readonly title: string }
  | { readonly kind: 'survived' }
  | { readonly kind: 'does not compile'; readonly complaint: string };

/** One fault tried. */
export interface Result {
  readonly fault: Fault;
  readonly verdict: Verdict;
  readonly tookMs: number;
}

/** What trials are made with. */
export interface TrialOptions {
  /** The repository, built. */
  readonly root: string;
  /** All compiled tests there are. */
  readonly tests: readonly string[];
  /** How many faults are tried at once. */
  readonly copies: number;
  readonly onResult: (result: Result) => void;
  /** Only these are asked, and no test. */
  readonly storms?: Storms | undefined;
  /** Gives up when it aborts. */
  readonly signal?: AbortSignal;
  /** A test fails without any fault. */
  readonly onUnfit: (test: string) => void;
}

/** Tries all faults; results in the order of the faults. Rejects when `signal` aborts, and cleans up. */
export async function tryFaults(faults: readonly Fault[], options: TrialOptions): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = [...faults.entries()];
  const bench = new Bench(options);
  const lane = async (): Promise<void> => {
    const copy = new WorkingCopy(options.root);
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, fault] = next;
        const result = await bench.judge(copy, fault);
        results[index] = result;
        options.onResult(result);
      }
    } finally {
      copy.dispose();
    }
  };
  await Promise.all(Array.from({ length: options.copies }, lane));
  return results;
}

/** The tests, with what is known about their fitness to judge. */
class Bench {
  readonly #options: TrialOptions;
  readonly #isFit = new Map<string, boolean>();

  constructor(options: TrialOptions) {
    this.#options = options;
  }

  async judge(copy: WorkingCopy, fault: Fault): Promise<Result> {
    const startedAtMs = performance.now();
    const complaint = await copy.apply(fault);
    const verdict: Verdict =
      complaint === undefined ? await this.#ask(copy, fault) : { kind: 'does not compile', complaint };
    await copy.restore(fault);
    return { fault, verdict, tookMs: performance.now() - startedAtMs };
  }

  async #ask(copy: WorkingCopy, fault: Fault): Promise<Verdict> {
    const { storms, signal } = this.#options;
    if (storms !== undefined) {
      const title = await askStorms(copy.folder, storms, signal);
      return title === undefined ? { kind: 'survived' } : { kind: 'caught', test: 'storm', title };
    }
    const read = (test: string): string => readFileSync(join(copy.folder, test), 'utf8');
    for (const test of judgesOf(fault, this.#options.tests, read)) {
      if (this.#isFit.get(test) === false) continue;
      const outcome = await this.#run(copy, test);
      if (outcome.kind === 'passed' || (outcome.kind === 'hung' && !fault.hangs)) continue;
      const title = outcome.kind === 'hung' ? 'does not end' : outcome.title;
      if (await this.#holdsWithout(copy, fault, test)) return { kind: 'caught', test, title };
    }
    return { kind: 'survived' };
  }

  #run(copy: WorkingCopy, test: string): Promise<TestOutcome> {
    return runTestSurely(copy.folder, test, { signal: this.#options.signal });
  }

  async #holdsWithout(copy: WorkingCopy, fault: Fault, test: string): Promise<boolean> {
    const known = this.#isFit.get(test);
    if (known !== undefined) return known;
    await copy.restore(fault);
    const { kind } = await this.#run(copy, test);
    await copy.apply(fault);
    this.#isFit.set(test, kind === 'passed');
    if (kind !== 'passed') this.#options.onUnfit(test);
    return kind === 'passed';
  }
}
