// What the web pages ask for. Upstream: agent/consul/internal_endpoint.go.

import { listProblems } from '@reeve/cli';
import {
  dumpNode,
  dumpNodes,
  dumpServices,
  type NodeDump as FullNode,
  instanceHealthShape,
  nodeDumpShape,
  userEventPrefix,
} from '../../core/index.ts';
import { picker } from '../../filter/picker.ts';
import type { MethodTable } from '../../rpc/method-table.ts';
import {
  type EventFire,
  type InstancesHealth,
  internal,
  type NodeDump,
  type NodeInfo,
  type QueryMeta,
  type QueryOptions,
  type ServiceDumpQuery,
} from '../../rpc/methods/index.ts';
import type { CallSignal } from '../../waiting/call-signal.ts';
import { blockingQuery, metaOf, type Read } from '../blocking-query.ts';
import { RoutedMethods } from '../routing.ts';
import type { ServerContext } from '../server-context.ts';

/** Serves the methods of `Internal`, but for the one of keyring.ts. */
export function serveInternal(server: ServerContext, table: MethodTable): void {
  const methods = new RoutedMethods(server, table);
  methods.question(internal.nodeInfo, (_server, query, signal) => {
    const read: Read<readonly FullNode[]> = (tables, watch) => {
      const { index, value } = dumpNode(tables, watch, query.node);
      return { index, value: value === null ? [] : [value] };
    };
    return nodeDump(server, { ...query, filter: '' }, read, signal); // as upstream
  });
  methods.question(internal.nodeDump, (_server, query, signal) => nodeDump(server, query, dumpNodes, signal));
  methods.question(internal.serviceDump, serviceDump);
  methods.otherQuestion(internal.eventFire, async (_server, event) => fireEvent(server, event));
}

/** Gossip has a pool for each segment upstream, and here the one that everybody has. */
function fireEvent(server: ServerContext, { name, payload }: EventFire): QueryMeta {
  try {
    server.sendEvent(`${userEventPrefix}${name}`, payload);
  } catch (error) {
    const reason = `error broadcasting event to segment "": ${(error as Error).message}`;
    throw new Error(listProblems([reason]));
  }
  return metaOf(server, 0);
}

async function nodeDump(
  server: ServerContext,
  query: QueryOptions,
  read: Read<readonly FullNode[]>,
  signal?: CallSignal,
): Promise<NodeDump> {
  const pick = picker(query, nodeDumpShape);
  const { value, meta } = await blockingQuery(server, query, read, signal);
  return { dump: pick(value).map(nodeInfo), ...meta };
}

function nodeInfo({ node, services, checks }: FullNode): NodeInfo {
  const { id, name, address, taggedAddresses, meta } = node;
  return { id, node: name, address, taggedAddresses, meta, services, checks };
}

async function serviceDump(
  server: ServerContext,
  query: ServiceDumpQuery,
  signal?: CallSignal,
): Promise<InstancesHealth> {
  const kind = query.useServiceKind ? query.serviceKind : undefined;
  const read: Read<InstancesHealth['nodes']> = (tables, watch) => dumpServices(tables, watch, kind);
  const pick = picker(query, instanceHealthShape);
  const { value, meta } = await blockingQuery(server, query, read, signal);
  return { nodes: value === null ? null : pick(value), ...meta };
}
