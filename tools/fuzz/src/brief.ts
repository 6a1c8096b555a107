// The short run of `npm test`: the same inputs every time, and no question which code they reach.

import { listed, mutate } from './mutate.ts';
import { SeededRandom } from './random.ts';
import type { FuzzTarget } from './target.ts';
import { FuzzError, Trial } from './trial.ts';

/**
 * Gives a target some ten thousand inputs.
 * @throws FuzzError with the input in hex, or when the inputs cannot have proved anything.
 */
export function fuzzBriefly(target: FuzzTarget): void {
  const trial = new Trial(target);
  for (const input of briefInputs(target.seeds)) {
    try {
      trial.give(input);
    } catch (cause) {
      const hex = Buffer.from(input).toString('hex');
      throw new FuzzError(`${cause instanceof Error ? cause.message : cause}\ninput ${hex || '(empty)'}`, {
        cause,
      });
    }
  }
  trial.close();
  if (trial.accepted === 0) throw new FuzzError(`${target.name}: no input was accepted`);
  if (trial.rejected === 0 && target.refuses) throw new FuzzError(`${target.name}: no input was refused`);
}

/** Half of them as they can be listed, half at random; equal seeds give equal inputs. */
export function* briefInputs(seeds: readonly Uint8Array[]): Generator<Uint8Array> {
  const random = new SeededRandom(7946);
  const sources = [...seeds, []].map((seed) => Uint8Array.from(seed));
  const list = listed(seeds);
  for (let left = inputsBrief / 2; left > 0; left--) {
    yield list.next().value ?? mutate(random, sources);
    yield mutate(random, sources);
  }
}

const inputsBrief = 10_000;
