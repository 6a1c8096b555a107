// A question about the instances of a service, which catalog and health have in common.
// Upstream: agent/structs/structs.go (ServiceSpecificRequest).

import { boolean, field, nilableList, struct, text } from '@reeve/bytes';
import { type NodesQuery, nodesQueryFields } from './query.ts';

/** Which instances. */
export interface ServiceQuery extends NodesQuery {
  readonly serviceName: string;
  /** The field of before 1.3; read where `serviceTags` is empty. */
  readonly serviceTag: string;
  /** Instances must have all of these, in any case of letters. */
  readonly serviceTags: readonly string[] | null;
  /** The tags count at all. */
  readonly tagFilter: boolean;
  /** Instances must have this address of their own; empty: any. */
  readonly serviceAddress: string;
  /** Service mesh: proxies of the service instead. */
  readonly connect: boolean;
  readonly ingress: boolean;
}

const tagsMax = 1_024;

/** The codec of the question. */
export const serviceQuery = struct<ServiceQuery>({
  serviceName: field('ServiceName', text),
  serviceTag: field('ServiceTag', text),
  serviceTags: field('ServiceTags', nilableList(text, tagsMax)),
  tagFilter: field('TagFilter', boolean),
  serviceAddress: field('ServiceAddress', text),
  connect: field('Connect', boolean),
  ingress: field('Ingress', boolean),
  ...nodesQueryFields,
});
