// What of all that was given to a subject is needed to see it fail again. Mostly it is the last input alone;
// a node with a memory may need some before it.

import { shrink } from './shrink.ts';
import type { FuzzTarget } from './target.ts';
import { failureOf } from './trial.ts';

/** The fewest and shortest inputs found that make a fresh subject fail; all of them if it no longer does. */
export function reproduce(target: FuzzTarget, given: readonly Uint8Array[]): readonly Uint8Array[] {
  const fails = (inputs: readonly Uint8Array[]) => failureOf(target, inputs) !== undefined;
  const last = given.slice(-1);
  if (!fails(given) && !fails(last)) return given;
  const needed = fails(last) ? last : shrink(given, fails, shrinkMsMax);
  const shorter = [...needed];
  for (const [place, input] of needed.entries()) {
    const failsWith = (bytes: readonly number[]) => fails(shorter.with(place, Uint8Array.from(bytes)));
    shorter[place] = Uint8Array.from(shrink([...input], failsWith, shrinkMsMax / needed.length));
  }
  return shorter;
}

const shrinkMsMax = 20_000;
