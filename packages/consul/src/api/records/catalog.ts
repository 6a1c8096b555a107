// What the catalog tells of nodes and services. Upstream: api/catalog.go.
// Unknown fields are ignored, missing ones have Go's zero.

import type { Node } from '../../core/index.ts';
import { list, map, nilable, struct, text } from '../../json/decode.ts';
import { apiNode, nodeFields, textList, texts } from '../../json/fields.ts';

/** The nodes of a catalog. */
export const catalogNodes = list(apiNode, 'api.Node');

/** The nodes of a service's instances. */
export const serviceNodes = list(
  struct<Node>('api.CatalogService', { ...nodeFields, meta: ['NodeMeta', texts] }),
  'api.CatalogService',
);

/** A service on a node: its name and tags. */
export interface NamedService {
  readonly service: string;
  readonly tags: readonly string[] | null;
}

/** The services of a node by their ids; null if there is no such node (upstream: CatalogNode). */
export const nodeServices = nilable(
  struct<{ readonly services: ReadonlyMap<string, NamedService> | null }>('CatalogNode', {
    services: [
      'Services',
      map(
        struct<NamedService>('AgentService', { service: ['Service', text], tags: ['Tags', textList] }),
        'api.AgentService',
      ),
    ],
  }),
);

/** The tags of services by their names. */
export const serviceTags = map(textList, '[]string');
