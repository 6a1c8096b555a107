// What the agent keeps about each of its services and checks, beside the record itself: whether the catalog
// has it, and whether it is to go. Only local-state.ts and the folder anti-entropy change these.

import type { Timer } from '@reeve/runtime';
import type { HealthCheck, NodeService } from '../../core/index.ts';

/** What services and checks have in common. */
export interface Entry<Item> {
  /** Undefined for what only the catalog has: it is removed there. */
  record: Item | undefined;
  /** Registers and deregisters it in the catalog; empty: the agent's. */
  readonly token: string;
  /** The catalog has the record as it is here. */
  isInSync: boolean;
  /** Gone for everybody here, but not yet from the catalog. */
  isDeleted: boolean;
}

/** One service. */
export type ServiceEntry = Entry<NodeService>;

/** One check. */
export interface CheckEntry extends Entry<HealthCheck> {
  /** When its status became critical, on the monotonic clock; undefined while it is not. */
  criticalSinceMs: number | undefined;
  /** Pending while its newest output alone is kept from the catalog. */
  outputDelay: Timer | undefined;
}
