// Records as clients register them. Upstream: agent/structs/structs.go.
// What belongs to the service mesh has to be what it should, and is dropped: we do not have one.

import type { HealthCheck, HealthCheckDefinition, NodeService } from '../../core/index.ts';
import {
  durationNs,
  ignored,
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

/** Upstream: NodeService. */
export const service = struct<NodeService>('NodeService', {
  ...serviceFields,
  kind: ['Kind', serviceKind],
  taggedAddresses: ['TaggedAddresses', taggedAddresses],
  weights: ['Weights', nilable(weights)],
  proxy: ['Proxy', proxy],
  connect: ['Connect', connectWith(() => ignored)],
});

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
