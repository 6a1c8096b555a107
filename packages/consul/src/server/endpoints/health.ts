// Checks, and services with them. Upstream: agent/consul/health_endpoint.go.

import {
  checkShape,
  type HealthCheck,
  type Indexed,
  type InstanceHealth,
  instanceHealthShape,
  listCheckedInstances,
  listChecksIn,
  listChecksOf,
  listChecksOn,
  listMeshInstances,
  type Tables,
  type Watch,
} from '../../core/index.ts';
import { picker } from '../../filter/picker.ts';
import type { MethodTable } from '../../rpc/method-table.ts';
import {
  type HealthChecks,
  health,
  type InstancesHealth,
  type NodeQuery,
  type QueryOptions,
  type ServiceQuery,
  type StateQuery,
} from '../../rpc/methods/index.ts';
import type { CallSignal } from '../../waiting/call-signal.ts';
import { type Soon, soon } from '../../waiting/soon.ts';
import { blockingQuery, type Read } from '../blocking-query.ts';
import { nearestFirst } from '../near.ts';
import { RoutedMethods } from '../routing.ts';
import type { ServerContext } from '../server-context.ts';
import { metaFilter, onNodesWithMeta, wantedTags } from './conditions.ts';

/** Serves the methods of `Health`. */
export function serveHealth(server: ServerContext, table: MethodTable): void {
  const methods = new RoutedMethods(server, table);
  methods.question(health.checksInState, inState);
  methods.question(health.nodeChecks, onNode);
  methods.question(health.serviceChecks, ofService);
  methods.question(health.serviceNodes, instances);
}

function inState(server: ServerContext, query: StateQuery, signal?: CallSignal): Promise<HealthChecks> {
  const read: Read<readonly HealthCheck[]> = (tables, watch) => {
    const { index, value } = listChecksIn(tables, watch, query.state, metaFilter(query));
    return { index, value: nearestFirst(server, tables, query.source, value, ({ node }) => node) };
  };
  return checks(server, query, read, signal);
}

function onNode(server: ServerContext, query: NodeQuery, signal?: CallSignal): Promise<HealthChecks> {
  return checks(server, query, (tables, watch) => listChecksOn(tables, watch, query.node), signal);
}

async function ofService(
  server: ServerContext,
  query: ServiceQuery,
  signal?: CallSignal,
): Promise<HealthChecks> {
  if (query.tagFilter) throw new Error('Tag filtering is not supported');
  const read: Read<readonly HealthCheck[]> = (tables, watch) => {
    const { index, value } = listChecksOf(tables, watch, query.serviceName, metaFilter(query));
    return { index, value: nearestFirst(server, tables, query.source, value, ({ node }) => node) };
  };
  return checks(server, query, read, signal);
}

async function checks(
  server: ServerContext,
  query: QueryOptions,
  read: Read<readonly HealthCheck[]>,
  signal?: CallSignal,
): Promise<HealthChecks> {
  const pick = picker(query, checkShape);
  const { value, meta } = await blockingQuery(server, query, read, signal);
  return { healthChecks: pick(value), ...meta };
}

function instances(server: ServerContext, query: ServiceQuery, signal?: CallSignal): Soon<InstancesHealth> {
  if (query.serviceName === '') throw new Error('Must provide service name');
  const pick = picker(query, instanceHealthShape);
  const read: Read<readonly InstanceHealth[]> = (tables, watch) => {
    const { index, value } = findInstances(server, tables, watch, query);
    const wanted = pick(onNodesWithMeta(value, query));
    return { index, value: nearestFirst(server, tables, query.source, wanted, ({ node }) => node.name) };
  };
  return soon(blockingQuery(server, query, read, signal), ({ value, meta }) => ({ nodes: value, ...meta }));
}

/** Upstream forgets that an ingress was asked for where tags are. */
function findInstances(
  server: ServerContext,
  tables: Tables,
  watch: Watch | null,
  query: ServiceQuery,
): Indexed<readonly InstanceHealth[]> {
  const { serviceName, connect, tagFilter, ingress } = query;
  if (connect) return listMeshInstances(tables, watch, serviceName, true);
  if (tagFilter) return listCheckedInstances(tables, watch, serviceName, wantedTags(query));
  if (ingress) return { ...listMeshInstances(tables, watch, serviceName, true), index: 0 };
  return server.store.health.instances(tables, watch, serviceName);
}
