// What only a leader has, from the election it won to the day it steps down.

import type { AppendEntries } from './messages.ts';
import type { Progress } from './progress.ts';

/** The state of a leader in one term. */
export interface Leadership {
  /** The first entry of this term: once it is committed, so is all before it. */
  readonly startIndex: number;
  /** All other servers by id. Bounded by the configuration. */
  readonly followers: Map<string, Progress>;
  /** The round of verification that was asked for last; see verify-leader.ts. */
  round: number;
  isRoundWanted: boolean;
  /** Who waits for a round, oldest first. Bounded by the one who asks. */
  readonly verifications: { readonly ticket: number; readonly round: number }[];
  /** The message with entries that was made last. */
  lastRequest: AppendEntries | undefined;
  /** The follower that is to lead next, while no new entries are taken. */
  transfer: Transfer | undefined;
}

/** A change of leaders that the leader wants. */
export interface Transfer {
  readonly to: string;
  /** When it has failed. */
  endsAtMs: number;
  isAsked: boolean;
}
