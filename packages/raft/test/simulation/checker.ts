// What every run is held to.

import type { RaftNode } from '@reeve/raft';
import type { SimulatedServer } from './server.ts';

/** A property. It looks at a server after each event there, and throws when it is broken. */
export interface Checker {
  readonly name: string;
  onRan(server: SimulatedServer, node: RaftNode): void;
}
