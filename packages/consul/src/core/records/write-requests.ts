// What a client asks to change: the bodies of raft's entries, and of the RPC methods that write them.
// Upstream: agent/structs/structs.go, operator.go. Next: transaction.ts.

import type { AutopilotConfig } from './autopilot-config.ts';
import type { HealthCheck } from './health-check.ts';
import type { KeyValue } from './key-value.ts';
import type { TextMap } from './node.ts';
import type { RaftIndex } from './raft-index.ts';
import type { NodeService } from './service.ts';
import type { Session } from './session.ts';

/** What every request to change something carries. */
export interface WriteRequest {
  readonly datacenter: string;
  /** The ACL token; empty: the anonymous one. */
  readonly token: string;
}

/**
 * A node, and what is on it. Snapshots consist of the same records: one for each node, service and check;
 * the indexes count only there.
 */
export interface RegisterRequest extends WriteRequest, RaftIndex {
  readonly id: string;
  readonly node: string;
  readonly address: string;
  readonly taggedAddresses: TextMap | null;
  readonly nodeMeta: TextMap | null;
  readonly service: NodeService | null;
  readonly check: HealthCheck | null;
  readonly checks: readonly HealthCheck[] | null;
  /** A node that exists already is left as it is. */
  readonly skipNodeUpdate: boolean;
}

/** The service, or else the check, or else the whole node. */
export interface DeregisterRequest extends WriteRequest {
  readonly node: string;
  readonly serviceId: string;
  readonly checkId: string;
}

/** What can be done to a key. Others are refused where the entry is applied. */
export type KeyOperation = 'set' | 'delete' | 'delete-cas' | 'delete-tree' | 'cas' | 'lock' | 'unlock';

/** A change of one key, or of all below it. `entry.modifyIndex` is the one that `cas` compares. */
export interface KeyValueRequest extends WriteRequest {
  /** A `KeyOperation`, or whatever else a peer sent. */
  readonly operation: string;
  readonly entry: KeyValue;
}

/** A session to `create` or to `destroy`; of the latter only the id counts. */
export interface SessionRequest extends WriteRequest {
  readonly operation: string;
  readonly session: Session;
}

/** Tombstones up to an index are to be forgotten (`reap`). */
export interface TombstoneRequest extends WriteRequest {
  readonly operation: string;
  readonly reapIndex: number;
}

/** Another autopilot configuration; with `cas` only if the old one has the new one's `modifyIndex`. */
export interface AutopilotRequest extends WriteRequest {
  readonly config: AutopilotConfig;
  readonly cas: boolean;
}
