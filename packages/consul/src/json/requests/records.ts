// Records as clients register them. Upstream: agent/structs/structs.go.
// What belongs to the service mesh has to be what it should, and is dropped: we do not have one.

import type { HealthCheck, HealthCheckDefinition, NodeService } from '../../core/index.ts';
import { noServiceDefinition, type ServiceDefinition } from '../../definitions/service-definition.ts';
import type { MeshSettings } from '../../definitions/service-mesh.ts';
import {
  durationNs,
  type Kind,
  namelessStruct,
  nilable,
  onItsOwn,
  struct,
  text,
  textOf,
  truth,
  uint,
} from '../decode.ts';
import {
  checkFields,
  probeFields,
  serviceFields,
  taggedAddressesOf,
  textList,
  weightsOf,
} from '../fields.ts';
import { connectWith, proxy } from './mesh.ts';

/** Upstream: Weights. */
export const weights = weightsOf('structs.Weights');

/** Upstream: ServiceAddress. */
export const taggedAddresses = taggedAddressesOf('structs.ServiceAddress');

/** Upstream: ServiceKind. */
export const serviceKind = textOf('structs.ServiceKind');

/** Upstream: CheckID. */
export const checkId = textOf('types.CheckID');

/** A service as a client registers it. */
export interface RegisteredService {
  readonly service: NodeService;
  readonly mesh: MeshSettings;
}

type SpeltService = Omit<NodeService, 'proxy' | 'connect'> & MeshSettings<ServiceDefinition>;

/** Only that there is one counts: what it is the agent has seen. */
const sidecar = { zero: noServiceDefinition, read: () => noServiceDefinition };

const spelt = struct<SpeltService>('NodeService', {
  ...serviceFields,
  kind: ['Kind', serviceKind],
  taggedAddresses: ['TaggedAddresses', taggedAddresses],
  weights: ['Weights', nilable(weights)],
  proxy: ['Proxy', proxy],
  connect: ['Connect', connectWith(() => sidecar)],
});

/** Upstream: NodeService, without what belongs to the mesh. */
export const service: Kind<NodeService> = {
  zero: nodeServiceOf(spelt.zero),
  read: (value, at) => nodeServiceOf(spelt.read(value, at)),
};

/** The same with what belongs to the mesh, to be looked at. */
export const registeredService: Kind<RegisteredService> = {
  zero: registeredOf(spelt.zero),
  read: (value, at) => registeredOf(spelt.read(value, at)),
};

function nodeServiceOf({ proxy: _proxy, connect: _connect, ...fields }: SpeltService): NodeService {
  return { ...fields, proxy: null, connect: null };
}

function registeredOf(given: SpeltService): RegisteredService {
  return { service: nodeServiceOf(given), mesh: { proxy: given.proxy, connect: given.connect } };
}

const durations = ['Interval', 'Timeout', 'DeregisterCriticalServiceAfter', 'TTL'];
const definitionType = namelessStruct(
  'structs.Alias',
  durations.map((name) => [name, 'interface {}']),
);

const definition = struct<HealthCheckDefinition>(definitionType, {
  ...probeFields,
  intervalNs: ['Interval', durationNs],
  outputMaxSize: ['OutputMaxSize', uint],
  timeoutNs: ['Timeout', durationNs],
  deregisterCriticalServiceAfterNs: ['DeregisterCriticalServiceAfter', durationNs],
  scriptArgs: ['ScriptArgs', textList],
  dockerContainerId: ['DockerContainerID', text],
  shell: ['Shell', text],
  grpc: ['GRPC', text],
  grpcUseTls: ['GRPCUseTLS', truth],
  aliasNode: ['AliasNode', text],
  aliasService: ['AliasService', text],
  ttlNs: ['TTL', durationNs],
});

/** Upstream: HealthCheck. */
export const healthCheck = struct<HealthCheck>('HealthCheck', {
  ...checkFields,
  checkId: ['CheckID', checkId],
  type: ['Type', text],
  definition: ['Definition', onItsOwn(definition, false)],
});
