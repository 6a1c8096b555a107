// A session: what holds locks, and lives as long as its node and checks do.
// Upstream: agent/structs/structs.go (Session).

import type { RaftIndex } from './raft-index.ts';

/** What becomes of the keys that a session held when it ends. */
export type SessionBehavior = 'release' | 'delete';

/** One session. */
export interface Session extends RaftIndex {
  /** A UUID, chosen before the entry is written. */
  readonly id: string;
  readonly name: string;
  readonly node: string;
  /** For so long after the session was invalidated nobody can acquire the keys it held. At most 60 s. */
  readonly lockDelayNs: number;
  readonly behavior: SessionBehavior;
  /** As it was given (`15s`, `15.0s`), since it is shown again; empty: none. */
  readonly ttl: string;
  /** Checks of the node that end the session when they are critical. */
  readonly nodeChecks: readonly string[] | null;
  readonly serviceChecks: readonly ServiceCheckBinding[] | null;
  /** The field of before 1.7, shown again if it was given, and otherwise without meaning. */
  readonly checks: readonly string[] | null;
}

/** A check of a service that ends the session when it is critical. */
export interface ServiceCheckBinding {
  readonly id: string;
  readonly namespace: string;
}
