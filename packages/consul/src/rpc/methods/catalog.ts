// Nodes and services. Upstream: agent/consul/catalog_endpoint.go, agent/structs/structs.go.

import { field, nilable, nilableList, struct, text, textMap } from '@reeve/bytes';
import {
  deregisterRequestCodec,
  type Node,
  type NodeService,
  nodeCodec,
  registerRequestCodec,
  type ServiceInstance,
  serviceCodec,
  serviceInstanceCodec,
} from '../../core/index.ts';
import { empty } from './empty.ts';
import { answerElementsMax, answerList, fullList } from './lists.ts';
import { method } from './method.ts';
import {
  nodeQuery,
  nodesQuery,
  type QueryMeta,
  type QueryOptions,
  queryMetaFields,
  queryOptionsFields,
} from './query.ts';
import { serviceQuery } from './service-query.ts';

/** Nodes; null if there are none. */
export interface Nodes extends QueryMeta {
  readonly nodes: readonly Node[] | null;
}

/** Names of services, each with the tags that any instance has. */
export interface Services extends QueryMeta {
  readonly services: ReadonlyMap<string, readonly string[] | null>;
}

/** Instances of a service; null if there are none. */
export interface ServiceInstances extends QueryMeta {
  readonly serviceNodes: readonly ServiceInstance[] | null;
}

/** A node and its services by id; null for an unknown node. */
export interface NodeServices extends QueryMeta {
  readonly nodeServices: {
    readonly node: Node | null;
    readonly services: ReadonlyMap<string, NodeService>;
  } | null;
}

/** The same with a list; an unknown node leaves both empty. */
export interface NodeServiceList extends QueryMeta {
  readonly nodeServices: { readonly node: Node | null; readonly services: readonly NodeService[] | null };
}

const nodes = struct<Nodes>({ nodes: field('Nodes', answerList(nodeCodec)), ...queryMetaFields });

const services = struct<Services>({
  services: field('Services', textMap(answerList(text), answerElementsMax)),
  ...queryMetaFields,
});

const serviceInstances = struct<ServiceInstances>({
  serviceNodes: field('ServiceNodes', answerList(serviceInstanceCodec)),
  ...queryMetaFields,
});

const servicesOfNode = struct<NonNullable<NodeServices['nodeServices']>>({
  node: field('Node', nilable(nodeCodec)),
  services: field('Services', textMap(serviceCodec, answerElementsMax)),
});

const nodeServices = struct<NodeServices>({
  nodeServices: field('NodeServices', nilable(servicesOfNode)),
  ...queryMetaFields,
});

const serviceListOfNode = struct<NodeServiceList['nodeServices']>({
  node: field('Node', nilable(nodeCodec)),
  services: field('Services', nilableList(serviceCodec, answerElementsMax)),
});

const nodeServiceList = struct<NodeServiceList>({
  nodeServices: field('NodeServices', serviceListOfNode),
  ...queryMetaFields,
});

/** The methods of `Catalog`. */
export const catalog = {
  register: method('Catalog.Register', registerRequestCodec, empty),
  deregister: method('Catalog.Deregister', deregisterRequestCodec, empty),
  listDatacenters: method(
    'Catalog.ListDatacenters',
    struct<QueryOptions>(queryOptionsFields),
    fullList(text),
  ),
  listNodes: method('Catalog.ListNodes', nodesQuery, nodes),
  listServices: method('Catalog.ListServices', nodesQuery, services),
  serviceNodes: method('Catalog.ServiceNodes', serviceQuery, serviceInstances),
  nodeServices: method('Catalog.NodeServices', nodeQuery, nodeServices),
  nodeServiceList: method('Catalog.NodeServiceList', nodeQuery, nodeServiceList),
};
