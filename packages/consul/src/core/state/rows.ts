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
