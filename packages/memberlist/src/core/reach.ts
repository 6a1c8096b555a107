// Ours: which incarnations can be true. A node counts up by one for each accusation and each new tag, so
// nobody honest gets beyond 2^31. Upstream believes every number, also the last ones, behind which its owner
// has none to contradict with. Here hearsay brings a node to 2^31, and from there on by steps: to use up the
// rest takes 2^27 messages. What is beyond may still be true, where members of upstream's were driven: then a
// member whom we ask will say so, and to whom we ask we listen. Next: second-opinion.ts.

import { incarnationMax } from './machine.ts';

/** Whether a node that was at incarnation `known`, 0 for one unheard of, can be at `told` by now. */
export function isInReach(known: number, told: number, asked: boolean): boolean {
  if (asked) return told < incarnationMax || known >= incarnationMax - 1; // the last one only by a refutation
  return told <= Math.max(farthestJump, known + longestStep);
}

const farthestJump = 2 ** 31;
/** Some refutations may have been missed. */
const longestStep = 16;
