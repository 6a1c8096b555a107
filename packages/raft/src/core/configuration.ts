// Who takes part: the servers of a cluster and whether they vote. Upstream: hashicorp/raft configuration.go.

/** Whether a server counts for a quorum. `staging` is an old word for a non-voter on its way up. */
export type Suffrage = (typeof suffrages)[number];

/** In the order of the wire's numbers. */
export const suffrages = ['voter', 'nonvoter', 'staging'] as const;

/** One server. */
export interface Server {
  readonly suffrage: Suffrage;
  /** Unique and lasting: a node's UUID. */
  readonly id: string;
  /** Where its raft answers: `10.0.0.1:8300`. Unique, but may change. */
  readonly address: string;
}

/** All servers, in the order in which they came. At most one change is under way at a time. */
export interface Configuration {
  readonly servers: readonly Server[];
}
