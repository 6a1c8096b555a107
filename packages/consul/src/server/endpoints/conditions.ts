// What questions ask of tags and of nodes' metadata. Upstream: agent/consul/catalog_endpoint.go,
// health_endpoint.go.

import type { Node } from '../../core/index.ts';
import type { NodesQuery, ServiceQuery } from '../../rpc/methods/index.ts';

/** The tags that instances must have; the field of older versions counts where there is one. */
export function wantedTags({ tagFilter, serviceTag, serviceTags }: ServiceQuery): readonly string[] {
  if (!tagFilter) return [];
  return serviceTag === '' ? (serviceTags ?? []) : [serviceTag];
}

/** The condition on metadata, if there is one. */
export function metaFilter({ nodeMetaFilters }: NodesQuery): NodesQuery['nodeMetaFilters'] {
  return nodeMetaFilters === null || nodeMetaFilters.size === 0 ? null : nodeMetaFilters;
}

/** Those on nodes whose metadata fulfils a question's condition: the same list if there is none. */
export function onNodesWithMeta<Item extends { readonly node: Node }>(
  items: readonly Item[],
  query: NodesQuery,
): readonly Item[] {
  const wanted = metaFilter(query);
  if (wanted === null) return items;
  return items.filter(({ node }) => [...wanted].every(([key, value]) => node.meta?.get(key) === value));
}
