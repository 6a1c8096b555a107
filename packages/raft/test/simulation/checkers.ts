// All properties of Raft's paper, figure 3, one a file.

import type { Checker } from './checker.ts';
import { electionSafety } from './election-safety.ts';
import { leaderCompleteness } from './leader-completeness.ts';
import { logMatching } from './log-matching.ts';
import { stateMachineSafety } from './state-machine-safety.ts';
import { termsRise } from './terms-rise.ts';

export type { Checker } from './checker.ts';

/** One of each, for one run. */
export function createCheckers(): readonly Checker[] {
  return [electionSafety(), logMatching(), leaderCompleteness(), stateMachineSafety(), termsRise()];
}
