// All properties that need no state machine, for simulations of Raft and of what is built on it.

import { electionSafety } from './election-safety.ts';
import { leaderCompleteness } from './leader-completeness.ts';
import { logMatching } from './log-matching.ts';
import type { RaftProperty } from './property.ts';
import { termsRise } from './terms-rise.ts';

export type { RaftProperty, WatchedServer } from './property.ts';

/** One of each, for one run. */
export function raftProperties(): readonly RaftProperty[] {
  return [electionSafety(), logMatching(), leaderCompleteness(), termsRise()];
}
