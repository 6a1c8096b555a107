// A member as serf sees it: memberlist's node with a status that tells leaving from failing, and tags.
// Upstream: serf.go (Member, MemberStatus). Next: membership rules in node-events.ts and the intents.

import type { Endpoint } from '@reeve/runtime';

/** `leaving` has announced that it goes, `left` has gone on purpose, `failed` stopped answering. */
export type MemberStatus = (typeof memberStatuses)[number];

/** All statuses in the order of the wire's numbers. */
export const memberStatuses = ['none', 'alive', 'leaving', 'left', 'failed'] as const;

/** Key/value pairs a member describes itself with; together at most 512 encoded bytes. */
export type Tags = ReadonlyMap<string, string>;

/** One member of the cluster. A snapshot: it does not change after you got it. */
export interface Member extends Endpoint {
  readonly name: string;
  readonly tags: Tags;
  readonly status: MemberStatus;
  readonly protocolMin: number;
  readonly protocolMax: number;
  readonly protocolCur: number;
  readonly delegateMin: number;
  readonly delegateMax: number;
  readonly delegateCur: number;
}
