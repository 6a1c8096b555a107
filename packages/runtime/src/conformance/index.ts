// The suite that every implementation of the runtime contract passes; it needs no test runner.
//
// Each case is one rule of the contract as a sentence. Feed them to a runner of your choice: `for (const {
// name, run } of runtimeConformance(subject)) test(name, run)`. Next: bench.ts, then one file a part.

import { Bench, type BenchCase } from './bench.ts';
import { clockCases } from './clock.ts';
import { diskCases } from './disk.ts';
import { nameCases } from './names.ts';
import { packetCases } from './packets.ts';
import { randomCases } from './random.ts';
import { streamEndingCases } from './stream-endings.ts';
import { streamCases } from './streams.ts';
import type { ConformanceSubject } from './subject.ts';

export { ConformanceError } from './bench.ts';
export type { ConformanceSubject, ConformanceWorld } from './subject.ts';

/** One rule of the contract. */
export interface ConformanceCase {
  /** The rule as a sentence. */
  readonly name: string;
  /** Rejects with a `ConformanceError` when the implementation breaks the rule. */
  run(): Promise<void>;
}

/** All cases for one implementation. Each run makes a world of its own, so they may run side by side. */
export function runtimeConformance(subject: ConformanceSubject): ConformanceCase[] {
  return allCases.map(({ name, run }) => ({
    name: `${subject.name}: ${name}`,
    run: () => runIn(subject, run),
  }));
}

async function runIn(subject: ConformanceSubject, run: BenchCase['run']): Promise<void> {
  const world = await subject.create();
  try {
    const bench = new Bench(world);
    await run(bench);
    bench.throwIfReentered();
  } finally {
    await world.close();
  }
}

const allCases: readonly BenchCase[] = [
  ...clockCases,
  ...randomCases,
  ...packetCases,
  ...streamCases,
  ...streamEndingCases,
  ...nameCases,
  ...diskCases,
];
