// Nodes and services. Upstream: agent/consul/catalog_endpoint.go.

import {
  type DeregisterRequest,
  type HealthCheck,
  type Indexed,
  instanceShape,
  listInstances,
  listInstancesAt,
  listMeshInstances,
  listNodes,
  listServices,
  nodeShape,
  type RegisterRequest,
  readNodeServices,
  type ServiceInstance,
  serviceShape,
  type Tables,
  type Watch,
} from '../../core/index.ts';
import { checkKindOf } from '../../definitions/check-type.ts';
import { picker } from '../../filter/picker.ts';
import type { MethodTable } from '../../rpc/method-table.ts';
import {
  catalog,
  type Empty,
  type NodeQuery,
  type NodeServiceList,
  type NodeServices,
  type Nodes,
  type NodesQuery,
  type ServiceInstances,
  type ServiceQuery,
  type Services,
} from '../../rpc/methods/index.ts';
import type { CallSignal } from '../../waiting/call-signal.ts';
import { apply } from '../apply.ts';
import { blockingQuery } from '../blocking-query.ts';
import { nearestFirst } from '../near.ts';
import { RoutedMethods } from '../routing.ts';
import type { ServerContext } from '../server-context.ts';
import { metaFilter, onNodesWithMeta, wantedTags } from './conditions.ts';
import { completeCheck, completeService, refuseNode } from './pre-apply.ts';

/** Serves the methods of `Catalog`. */
export function serveCatalog(server: ServerContext, table: MethodTable): void {
  const methods = new RoutedMethods(server, table);
  const { register, deregister, listDatacenters, nodeServices, nodeServiceList } = catalog;
  methods.change(register, add);
  methods.change(deregister, remove);
  table.serve(listDatacenters, async () => [server.datacenter]);
  methods.question(catalog.listNodes, nodes);
  methods.question(catalog.listServices, services);
  methods.question(catalog.serviceNodes, instances);
  methods.question(nodeServices, servicesOf);
  methods.question(nodeServiceList, serviceListOf);
}

async function add(server: ServerContext, request: RegisterRequest): Promise<Empty> {
  refuseNode(request.node, request.id);
  if (request.address === '' && !request.skipNodeUpdate) {
    throw new Error('Must provide address if SkipNodeUpdate is not set');
  }
  const { check, checks } = request;
  const all = [...(checks ?? []), ...(check === null ? [] : [check])];
  if (all.length > checksMax) {
    throw new Error(`Too many checks in one registration (${all.length} of at most ${checksMax})`);
  }
  const service = request.service === null ? null : completeService(request.service);
  const completed = {
    ...request,
    service,
    check: null,
    checks: all.length === 0 ? null : all.map((each) => registeredCheck(each, request.node)),
  };
  await apply(server, { type: 'register', request: completed });
  return {};
}

function registeredCheck(check: HealthCheck, node: string): HealthCheck {
  return {
    ...completeCheck(check),
    node: check.node || node,
    type: check.type || checkKindOf(check.definition),
  };
}

async function remove(server: ServerContext, request: DeregisterRequest): Promise<Empty> {
  if (request.node === '') throw new Error('Must provide node');
  await apply(server, { type: 'deregister', request });
  return {};
}

async function nodes(server: ServerContext, query: NodesQuery, signal?: CallSignal): Promise<Nodes> {
  const pick = picker(query, nodeShape);
  const { value, meta } = await blockingQuery(
    server,
    query,
    (tables, watch) => {
      const { index, value: found } = listNodes(tables, watch, metaFilter(query));
      return { index, value: nearestFirst(server, tables, query.source, pick(found), ({ name }) => name) };
    },
    signal,
  );
  return { nodes: value, ...meta };
}

async function services(server: ServerContext, query: NodesQuery, signal?: CallSignal): Promise<Services> {
  const { value, meta } = await blockingQuery(
    server,
    query,
    (tables, watch) => listServices(tables, watch, metaFilter(query)),
    signal,
  );
  return { services: value, ...meta };
}

async function instances(
  server: ServerContext,
  query: ServiceQuery,
  signal?: CallSignal,
): Promise<ServiceInstances> {
  if (query.serviceName === '' && query.serviceAddress === '') throw new Error('Must provide service name');
  const pick = picker(query, instanceShape);
  const { value, meta } = await blockingQuery(
    server,
    query,
    (tables, watch) => {
      const { index, value: found } = findInstances(tables, watch, query);
      const wanted = pick(onNodesWithMeta(found, query));
      return { index, value: nearestFirst(server, tables, query.source, wanted, ({ node }) => node.name) };
    },
    signal,
  );
  return { serviceNodes: value, ...meta };
}

function findInstances(
  tables: Tables,
  watch: Watch | null,
  query: ServiceQuery,
): Indexed<readonly ServiceInstance[]> {
  if (query.connect) return listMeshInstances(tables, watch, query.serviceName, false);
  return query.serviceAddress
    ? listInstancesAt(tables, watch, query.serviceAddress)
    : listInstances(tables, watch, query.serviceName, wantedTags(query));
}

async function servicesOf(
  server: ServerContext,
  query: NodeQuery,
  signal?: CallSignal,
): Promise<NodeServices> {
  const { value, meta } = await servicesOn(server, query, signal);
  if (value === null) return { nodeServices: null, ...meta };
  const byId = new Map(value.services.map((service) => [service.id, service]));
  return { nodeServices: { node: value.node, services: byId }, ...meta };
}

async function serviceListOf(
  server: ServerContext,
  query: NodeQuery,
  signal?: CallSignal,
): Promise<NodeServiceList> {
  const { value, meta } = await servicesOn(server, query, signal);
  if (value === null) return { nodeServices: { node: null, services: null }, ...meta };
  const { node, services } = value;
  const isNothing = services.length === 0 && query.filter === ''; // a filter makes an empty list of nothing
  return { nodeServices: { node, services: isNothing ? null : services }, ...meta };
}

async function servicesOn(server: ServerContext, query: NodeQuery, signal: CallSignal | undefined) {
  if (query.node === '') throw new Error('Must provide node');
  const pick = picker(query, serviceShape);
  return blockingQuery(
    server,
    query,
    (tables, watch) => {
      const { index, value } = readNodeServices(tables, watch, query.node);
      return { index, value: value === null ? null : { ...value, services: pick(value.services) } };
    },
    signal,
  );
}

/** Ours: a registration is applied in one turn of the event loop, on every server. */
const checksMax = 8_192;
