// What every run of Raft is held to, whatever runs it: figure 3 of its paper, one property a file.
//
// Properties see all servers of a cluster from outside, over all their lives, and know what no server can.

import type { RaftState } from '../core/index.ts';

/** A server as properties see it. */
export interface WatchedServer {
  /** Raft's id: the same in all its lives. */
  readonly id: string;
  /** What it knows in its present life. */
  readonly state: RaftState;
  /** The term that its disk has, and that it comes back with. */
  readonly durableTerm: number;
}

/** A property of a run. */
export interface RaftProperty {
  readonly name: string;
  /** Looks at a server to which something has just happened. @throws Error when the property is broken. */
  onRan(server: WatchedServer): void;
}
