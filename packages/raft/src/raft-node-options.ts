// What a server of Raft is made of; driver.ts takes it.

import type { Runtime } from '@reeve/runtime';
import type { RaftConfig } from './core/index.ts';
import type { StateMachine } from './state-machine.ts';
import type { LogStore } from './storage/log-store.ts';
import type { SnapshotStore } from './storage/snapshot-store.ts';
import type { Connect } from './transport/index.ts';

/** What a server is made of. */
export interface RaftNodeOptions {
  readonly runtime: Runtime;
  readonly config: RaftConfig;
  /** Unique and lasting. */
  readonly id: string;
  /** Where others reach this server. */
  readonly address: string;
  readonly store: LogStore;
  readonly snapshots: SnapshotStore;
  readonly stateMachine: StateMachine;
  readonly connect: Connect;
  /** Told after each change of what `state` says about role, term or leader. */
  readonly onChange?: () => void;
  /** The server cannot go on, has stopped, and says why. */
  readonly onFatal: (error: Error) => void;
}
