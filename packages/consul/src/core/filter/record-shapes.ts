// What filters can ask of our records: their fields by Go's names, without indexes and definitions of checks.
// Upstream: agent/structs/structs.go (what has no `bexpr:"-"`).

import type {
  HealthCheck,
  InstanceHealth,
  Node,
  NodeService,
  ServiceAddress,
  ServiceInstance,
  Weights,
} from '../records/index.ts';
import type { NodeDump } from '../state/queries/nodes.ts';
import { connectShape, proxyShape } from './mesh-shapes.ts';
import { int, listOf, mapOf, part, structOf, text, texts, truth } from './shapes.ts';

const textMap = mapOf(text);

const addresses = mapOf(
  structOf<ServiceAddress>({
    Address: part(({ address }) => address, text),
    Port: part(({ port }) => port, int),
  }),
);

const weights = structOf<Weights | null>({
  Passing: part((weights) => weights?.passing ?? 1, int),
  Warning: part((weights) => weights?.warning ?? 1, int),
});

/** Upstream: Node. */
export const nodeShape = structOf<Node>({
  ID: part(({ id }) => id, text),
  Node: part(({ name }) => name, text),
  Address: part(({ address }) => address, text),
  Datacenter: part(({ datacenter }) => datacenter, text),
  TaggedAddresses: part(({ taggedAddresses }) => taggedAddresses, textMap),
  Meta: part(({ meta }) => meta, textMap),
});

/** Upstream: NodeService, and the agent's api.AgentService. */
export const serviceShape = structOf<NodeService>({
  Kind: part(({ kind }) => kind, text),
  ID: part(({ id }) => id, text),
  Service: part(({ service }) => service, text),
  Tags: part(({ tags }) => tags, texts),
  Address: part(({ address }) => address, text),
  TaggedAddresses: part(({ taggedAddresses }) => taggedAddresses, addresses),
  Meta: part(({ meta }) => meta, textMap),
  Port: part(({ port }) => port, int),
  Weights: part(({ weights }) => weights, weights),
  EnableTagOverride: part(({ enableTagOverride }) => enableTagOverride, truth),
  Proxy: part(({ proxy }) => proxy, proxyShape),
  Connect: part(({ connect }) => connect, connectShape),
});

/** Upstream: ServiceNode. */
export const instanceShape = structOf<ServiceInstance>({
  ID: part(({ node }) => node.id, text),
  Node: part(({ node }) => node.name, text),
  Address: part(({ node }) => node.address, text),
  Datacenter: part(({ node }) => node.datacenter, text),
  TaggedAddresses: part(({ node }) => node.taggedAddresses, textMap),
  NodeMeta: part(({ node }) => node.meta, textMap),
  ServiceKind: part(({ service }) => service.kind, text),
  ServiceID: part(({ service }) => service.id, text),
  ServiceName: part(({ service }) => service.service, text),
  ServiceTags: part(({ service }) => service.tags, texts),
  ServiceAddress: part(({ service }) => service.address, text),
  ServiceTaggedAddresses: part(({ service }) => service.taggedAddresses, addresses),
  ServiceWeights: part(({ service }) => service.weights, weights),
  ServiceMeta: part(({ service }) => service.meta, textMap),
  ServicePort: part(({ service }) => service.port, int),
  ServiceEnableTagOverride: part(({ service }) => service.enableTagOverride, truth),
  ServiceProxy: part(({ service }) => service.proxy, proxyShape),
  ServiceConnect: part(({ service }) => service.connect, connectShape),
});

/** Upstream: HealthCheck. */
export const checkShape = structOf<HealthCheck>({
  Node: part(({ node }) => node, text),
  CheckID: part(({ checkId }) => checkId, text),
  Name: part(({ name }) => name, text),
  Status: part(({ status }) => status, text),
  Notes: part(({ notes }) => notes, text),
  Output: part(({ output }) => output, text),
  ServiceID: part(({ serviceId }) => serviceId, text),
  ServiceName: part(({ serviceName }) => serviceName, text),
  ServiceTags: part(({ serviceTags }) => serviceTags, texts),
  Type: part(({ type }) => type, text),
});

/** Upstream: CheckServiceNode. */
export const instanceHealthShape = structOf<InstanceHealth>({
  Node: part(({ node }) => node, nodeShape),
  Service: part(({ service }) => service, serviceShape),
  Checks: part(({ checks }) => checks, listOf(checkShape)),
});

/** Upstream: NodeInfo. */
export const nodeDumpShape = structOf<NodeDump>({
  ID: part(({ node }) => node.id, text),
  Node: part(({ node }) => node.name, text),
  Address: part(({ node }) => node.address, text),
  TaggedAddresses: part(({ node }) => node.taggedAddresses, textMap),
  Meta: part(({ node }) => node.meta, textMap),
  Services: part(({ services }) => services, listOf(serviceShape)),
  Checks: part(({ checks }) => checks, listOf(checkShape)),
});
