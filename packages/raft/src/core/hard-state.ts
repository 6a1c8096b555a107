// What must outlive a crash besides the log. Raft paper, figure 2 (persistent state).

/** The term and the vote in it. */
export interface HardState {
  readonly term: number;
  /** The address of the candidate voted for in this term; empty if none. */
  readonly votedFor: string;
}
