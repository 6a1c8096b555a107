// One subject and the inputs it was given: each must be taken or refused, in time.
// Next: brief.ts and explore.ts, which choose the inputs.

import { type FuzzTarget, Refused, type Subject } from './target.ts';

/** An input was not taken well. */
export class FuzzError extends Error {}

/** Gives inputs to a fresh subject of a target. */
export class Trial {
  accepted = 0;
  rejected = 0;
  readonly #target: FuzzTarget;
  readonly #subject: Subject;

  constructor(target: FuzzTarget) {
    this.#target = target;
    this.#subject = target.open();
  }

  /** @throws FuzzError on an error that is no refusal, and when it takes longer than an input ever may. */
  give(input: Uint8Array): void {
    const start = performance.now();
    const processor = process.cpuUsage();
    try {
      this.#subject.run(input.slice());
      this.accepted++;
    } catch (error) {
      const isRefusal = error instanceof Refused || this.#target.refuses?.(error);
      if (!isRefusal) throw this.#failure(String(error), error);
      this.rejected++;
    }
    if (performance.now() - start <= inputMsMax) return;
    // A busy machine lets us wait; what hangs uses the processor.
    const { user, system } = process.cpuUsage(processor);
    const busyMs = Math.round((user + system) / 1_000);
    if (busyMs > inputMsMax) throw this.#failure(`took ${busyMs} ms, more than ${inputMsMax}`);
  }

  /** @throws FuzzError when what must be true behind the last input is not. */
  close(): void {
    try {
      this.#subject.close?.();
    } catch (error) {
      throw this.#failure(`behind the last input: ${error}`, error);
    }
  }

  #failure(what: string, cause?: unknown): FuzzError {
    return new FuzzError(`${this.#target.name}: ${what}`, { cause });
  }
}

/** Gives inputs to a fresh subject; the failure, if there is one. */
export function failureOf(target: FuzzTarget, inputs: Iterable<Uint8Array>): FuzzError | undefined {
  try {
    const trial = new Trial(target);
    for (const input of inputs) trial.give(input);
    trial.close();
    return undefined;
  } catch (error) {
    if (error instanceof FuzzError) return error;
    throw error;
  }
}

/** Generous: what hangs takes forever, what is slow is found by measuring. */
const inputMsMax = 1_000;
