// What every question carries, and what every answer says about itself.
// Upstream: agent/structs/structs.go (QueryOptions, QueryMeta, QuerySource). Times are nanoseconds.

import {
  boolean,
  field,
  nearestInt64,
  nilable,
  type StructFields,
  struct,
  text,
  textMap,
  uint64,
} from '@reeve/bytes';
import type { TextMap } from '../../core/index.ts';

/** How a question is to be answered. */
export interface QueryOptions {
  readonly datacenter: string;
  /** The ACL token; empty: the anonymous one. */
  readonly token: string;
  /** The answer is to wait until its index is higher than this; 0: no waiting. */
  readonly minQueryIndex: number;
  /** So long it may wait; 0: the server's default. */
  readonly maxQueryTimeNs: number;
  /** Any server may answer. */
  readonly allowStale: boolean;
  /** The leader makes sure that it still is one. */
  readonly requireConsistent: boolean;
  readonly useCache: boolean;
  /** An answer of a server that has not heard of the leader for longer is no answer; 0: no bound. */
  readonly maxStaleNs: number;
  readonly maxAgeNs: number;
  readonly mustRevalidate: boolean;
  readonly staleIfErrorNs: number;
  /** An expression that records must fulfil; empty: none. */
  readonly filter: string;
}

/** What an answer says about itself. */
export interface QueryMeta {
  /** What to wait for next. */
  readonly index: number;
  /** How long ago the answering server heard of the leader. */
  readonly lastContactNs: number;
  readonly knownLeader: boolean;
  /** Empty, except in answers to those who asked for a level. */
  readonly consistencyLevel: string;
}

/** Who asks, for answers that are sorted by distance. */
export interface QuerySource {
  readonly datacenter: string;
  readonly segment: string;
  readonly node: string;
  readonly ip: string;
}

/** A question about many nodes: which of them, and the nearest first to whom. */
export interface NodesQuery extends QueryOptions {
  /** Nodes must have all of this metadata; null: no condition. */
  readonly nodeMetaFilters: TextMap | null;
  readonly source: QuerySource;
}

/** A question about one node, by name or ID. */
export interface NodeQuery extends QueryOptions {
  readonly node: string;
}

/** Fields of every question. */
export const queryOptionsFields: StructFields<QueryOptions> = {
  datacenter: field('Datacenter', text),
  token: field('Token', text),
  minQueryIndex: field('MinQueryIndex', uint64),
  maxQueryTimeNs: field('MaxQueryTime', nearestInt64),
  allowStale: field('AllowStale', boolean),
  requireConsistent: field('RequireConsistent', boolean),
  useCache: field('UseCache', boolean),
  maxStaleNs: field('MaxStaleDuration', nearestInt64),
  maxAgeNs: field('MaxAge', nearestInt64),
  mustRevalidate: field('MustRevalidate', boolean),
  staleIfErrorNs: field('StaleIfError', nearestInt64),
  filter: field('Filter', text),
};

/** Fields of every answer. */
export const queryMetaFields: StructFields<QueryMeta> = {
  index: field('Index', uint64),
  lastContactNs: field('LastContact', nearestInt64),
  knownLeader: field('KnownLeader', boolean),
  consistencyLevel: field('ConsistencyLevel', text),
};

const nodeMetaFiltersMax = 1_024;

/** The codec of who asks. */
export const querySource = struct<QuerySource>({
  datacenter: field('Datacenter', text),
  segment: field('Segment', text),
  node: field('Node', text),
  ip: field('Ip', text),
});

/** Fields of questions about many nodes. */
export const nodesQueryFields: StructFields<NodesQuery> = {
  nodeMetaFilters: field('NodeMetaFilters', nilable(textMap(text, nodeMetaFiltersMax))),
  source: field('Source', querySource),
  ...queryOptionsFields,
};

/** A question about many nodes (upstream: DCSpecificRequest). */
export const nodesQuery = struct<NodesQuery>(nodesQueryFields);

/** A question about one node (upstream: NodeSpecificRequest). */
export const nodeQuery = struct<NodeQuery>({ node: field('Node', text), ...queryOptionsFields });

/** A question that has nothing but its options. */
export const noQueryOptions: QueryOptions = struct<QueryOptions>(queryOptionsFields).zero();

/** The same about all nodes, asked by nobody in particular. */
export const noNodesQuery: NodesQuery = nodesQuery.zero();
