// What a leader needs of gossip.

import type { Member } from '@reeve/serf/core';

/** The members of a datacenter. */
export interface GossipPool {
  /** Ourselves. */
  readonly nodeName: string;
  /** All members, whatever their status. */
  members(): readonly Member[];
  /** Tells all agents that this server leads now. */
  announceLeader(): void;
  /** Declares a failed member left; it takes a while until all have heard. */
  forceLeave(name: string): void;
}
