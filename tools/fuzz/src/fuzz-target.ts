// Runs one decoder on many damaged inputs and fails on the first that it does not take well: an error that is
// not allowed, or more time than a single input may ever take.
//
// REEVE_FUZZ_RUNS sets how many inputs, REEVE_FUZZ_SEED which random ones; both have defaults, so that an
// ordinary test run is the same every time. Next: mutate.ts.

import { mutations } from './mutate.ts';

/** What is fuzzed, and what counts as fine. */
export interface FuzzTarget {
  /** Names the target in a failure. */
  readonly name: string;
  /** Valid inputs, short ones if possible: each is also cut at every byte and flipped at every bit. */
  readonly seeds: readonly Uint8Array[];
  /** Decodes the input, and checks what it likes about the result. */
  readonly run: (input: Uint8Array) => void;
  /** Whether an error that `run` threw is the proper answer to bad input. */
  readonly allow: (error: unknown) => boolean;
}

/** How the inputs were received. A test in which either is 0 may prove nothing. */
export interface FuzzCounts {
  readonly accepted: number;
  readonly rejected: number;
}

/** An input was not taken well. The message has the input in hex and the settings that replay it. */
export class FuzzError extends Error {}

/** Runs the target; throws a FuzzError on the first bad answer, returns how often inputs were accepted. */
export function fuzzTarget(target: FuzzTarget): FuzzCounts {
  const runs = setting('REEVE_FUZZ_RUNS', runsDefault);
  const seed = setting('REEVE_FUZZ_SEED', seedDefault);
  const inputs = mutations(target.seeds, seed);
  let accepted = 0;
  for (let run = 1; run <= runs; run++) {
    const input = inputs.next().value;
    const fail = (what: string, cause?: unknown) => {
      const replay = `REEVE_FUZZ_SEED=${seed} REEVE_FUZZ_RUNS=${run}`;
      const hex = Buffer.from(input).toString('hex');
      return new FuzzError(`${target.name}: ${what}\ninput  ${hex || '(empty)'}\nreplay ${replay}`, {
        cause,
      });
    };
    const start = performance.now();
    const processor = process.cpuUsage();
    try {
      target.run(input.slice());
      accepted++;
    } catch (error) {
      if (!target.allow(error)) throw fail(String(error), error);
    }
    const { user, system } = process.cpuUsage(processor);
    // A busy machine lets us wait; what hangs uses the processor.
    const elapsedMs = Math.round(Math.min(performance.now() - start, (user + system) / 1_000));
    if (elapsedMs > inputMsMax) throw fail(`took ${elapsedMs} ms, more than ${inputMsMax}`);
  }
  return { accepted, rejected: runs - accepted };
}

function setting(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${name} is not an integer: ${text}`);
  return value;
}

const runsDefault = 100_000;
const seedDefault = 7946;
/** Generous: what hangs takes forever, what is slow is found by measuring, and the machine may be busy. */
const inputMsMax = 1000;
