// What lies in tables where the record alone does not say whose it is.

import type { NodeService } from '../records/index.ts';

/** A service with the node that it is on. */
export interface ServiceRow {
  readonly node: string;
  readonly service: NodeService;
}

/** A session that ends when a check of its node is critical. */
export interface SessionCheck {
  readonly node: string;
  readonly checkId: string;
  readonly session: string;
}

/** The raft index at which a table, or a part of it, last changed. */
export interface IndexEntry {
  /** `nodes`, `service.web`, `service_last_extinction` … */
  readonly name: string;
  readonly value: number;
}

/** A record that we keep for others, as it came: bytes of msgpack, under the type it has in snapshots. */
export interface OpaqueRecord {
  readonly type: number;
  /** Its place among those of its type, from 0. */
  readonly position: number;
  readonly body: Uint8Array;
}

/** A prepared query, of which only whose it is is read so far. */
export interface QueryRow {
  readonly id: string;
  /** The session that it ends with, or empty. */
  readonly session: string;
  /** The whole query, as it came. */
  readonly body: Uint8Array;
}
