// A question for a service that was written down under a name. Upstream: agent/structs/prepared_query.go.

import type { TextMap } from './node.ts';
import type { RaftIndex } from './raft-index.ts';

/** One prepared query. */
export interface PreparedQuery extends RaftIndex {
  /** A UUID, chosen before the entry is written. */
  readonly id: string;
  /** Empty: it is found by its id only. */
  readonly name: string;
  /** The session that it ends with, or empty. */
  readonly session: string;
  /** The ACL token that it is carried out with, or empty. */
  readonly token: string;
  readonly template: QueryTemplate;
  readonly service: ServiceQuery;
  readonly dns: { readonly ttl: string };
}

/** Makes a query out of the name that is asked for; an empty type: the query is what it says. */
export interface QueryTemplate {
  readonly type: string;
  readonly regexp: string;
  readonly removeEmptyTags: boolean;
}

/** Which instances are meant. */
export interface ServiceQuery {
  readonly service: string;
  readonly failover: QueryFailover;
  readonly onlyPassing: boolean;
  readonly ignoreCheckIds: readonly string[] | null;
  readonly near: string;
  readonly tags: readonly string[] | null;
  readonly nodeMeta: TextMap | null;
  readonly serviceMeta: TextMap | null;
  readonly connect: boolean;
}

/** Where else to look when there is no instance here. */
export interface QueryFailover {
  readonly nearestN: number;
  readonly datacenters: readonly string[] | null;
}
