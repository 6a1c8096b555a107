// Records as clients send them. Upstream: agent/structs/structs.go.
// What belongs to the service mesh is taken and dropped: we do not have one.

import type {
  HealthCheck,
  HealthCheckDefinition,
  Node,
  NodeService,
  ServiceAddress,
  Weights,
} from '../../core/index.ts';
import {
  durationNs,
  ignored,
  int,
  list,
  map,
  nilable,
  struct,
  text,
  truth,
  uint,
  uint64,
} from '../../json/decode.ts';

/** Texts by name. */
export const texts = map(text, 'string');

/** Upstream: Weights. */
export const weights = struct<Weights>('Weights', { passing: ['Passing', int], warning: ['Warning', int] });

/** Upstream: ServiceAddress. */
export const serviceAddress = struct<ServiceAddress>('ServiceAddress', {
  address: ['Address', text],
  port: ['Port', int],
});

/** Upstream: Node. */
export const node = struct<Node>('Node', {
  id: ['ID', text],
  name: ['Node', text],
  address: ['Address', text],
  datacenter: ['Datacenter', text],
  taggedAddresses: ['TaggedAddresses', texts],
  meta: ['Meta', texts],
  createIndex: ['CreateIndex', uint64],
  modifyIndex: ['ModifyIndex', uint64],
});

/** Upstream: NodeService. */
export const service = struct<NodeService>('NodeService', {
  kind: ['Kind', text],
  id: ['ID', text],
  service: ['Service', text],
  tags: ['Tags', list(text, 'string')],
  address: ['Address', text],
  taggedAddresses: ['TaggedAddresses', map(serviceAddress, 'structs.ServiceAddress')],
  meta: ['Meta', texts],
  port: ['Port', int],
  weights: ['Weights', nilable(weights)],
  enableTagOverride: ['EnableTagOverride', truth],
  proxy: ['Proxy', ignored],
  connect: ['Connect', ignored],
  createIndex: ['CreateIndex', uint64],
  modifyIndex: ['ModifyIndex', uint64],
});

/** Upstream: HealthCheckDefinition, of which Go ignores what it does not know. */
export const definition = struct<HealthCheckDefinition>(
  '',
  {
    http: ['HTTP', text],
    tlsSkipVerify: ['TLSSkipVerify', truth],
    header: ['Header', map(requiredTexts(), '[]string')],
    method: ['Method', text],
    body: ['Body', text],
    tcp: ['TCP', text],
    intervalNs: ['Interval', durationNs],
    outputMaxSize: ['OutputMaxSize', uint],
    timeoutNs: ['Timeout', durationNs],
    deregisterCriticalServiceAfterNs: ['DeregisterCriticalServiceAfter', durationNs],
    scriptArgs: ['ScriptArgs', list(text, 'string')],
    dockerContainerId: ['DockerContainerID', text],
    shell: ['Shell', text],
    grpc: ['GRPC', text],
    grpcUseTls: ['GRPCUseTLS', truth],
    aliasNode: ['AliasNode', text],
    aliasService: ['AliasService', text],
    ttlNs: ['TTL', durationNs],
  },
  false,
);

/** Upstream: HealthCheck. */
export const healthCheck = struct<HealthCheck>('HealthCheck', {
  node: ['Node', text],
  checkId: ['CheckID', text],
  name: ['Name', text],
  status: ['Status', text],
  notes: ['Notes', text],
  output: ['Output', text],
  serviceId: ['ServiceID', text],
  serviceName: ['ServiceName', text],
  serviceTags: ['ServiceTags', list(text, 'string')],
  type: ['Type', text],
  definition: ['Definition', definition],
  createIndex: ['CreateIndex', uint64],
  modifyIndex: ['ModifyIndex', uint64],
});

/** A list of texts that is empty where it is missing. */
function requiredTexts() {
  const { read } = list(text, 'string');
  return { zero: [], read: (...args: Parameters<typeof read>) => read(...args) ?? [] };
}
