// What a server needs of raft. The driver of @reeve/raft fulfils it; tests and the simulator have their own.

import type { CommandOutcome } from '../core/index.ts';
import type { Soon } from '../waiting/soon.ts';

/** Raft, as endpoints see it. */
export interface Consensus {
  readonly isLeader: boolean;
  /** A majority has confirmed this leader so lately that nobody else can lead yet. */
  readonly holdsLease: boolean;
  /** It holds its lease, and has applied all that leaders before it wrote. */
  readonly hasCaughtUp: boolean;
  /** The term of the election that this server knows of. */
  readonly term: number;
  /** The state has everything up to this entry. */
  readonly appliedIndex: number;
  /** Where the leader is called: `10.0.0.1:8300`; empty if there is none. */
  readonly leaderAddress: string;
  /** Milliseconds since the leader was heard of, 0 on the leader; undefined if there never was one. */
  readonly lastContactMs: number | undefined;
  readonly servers: readonly ConsensusServer[];
  /** This server and the leader it follows are a majority of those who vote. */
  readonly isMajorityWithLeader: boolean;
  /**
   * Writes a command, and waits until a quorum has it and it is applied here. Rejects if it is not certain
   * that it will be applied.
   */
  apply(command: Uint8Array): Soon<CommandOutcome>;
  /** Rejects unless a quorum agrees, now, that this server leads. */
  verifyLeader(): Promise<void>;
  /** Resolves when `hasCaughtUp` holds, or a quorum agrees, now; rejects if this server leads no longer. */
  catchUp(): Promise<void>;
  /** Resolves when everything that was written before is applied here. */
  barrier(): Promise<void>;
  /** A server that replicates and does not vote; also moves a non-voter to another address. */
  addNonvoter(id: string, address: string): Promise<void>;
  addVoter(id: string, address: string): Promise<void>;
  /** Takes a server out of the cluster. */
  removeServer(id: string): Promise<void>;
  /** Another server is to lead; rejects if none took over. */
  transferLeadership(): Promise<void>;
  /** As `Status.RaftStats` tells it. */
  lastLog(): { readonly index: number; readonly term: number };
}

/** One server of raft's configuration. */
export interface ConsensusServer {
  readonly id: string;
  readonly address: string;
  readonly isVoter: boolean;
}
