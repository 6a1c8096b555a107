// A check as msgpack. Upstream: agent/structs/structs.go (HealthCheck, HealthCheckDefinition).

import {
  boolean,
  field,
  list,
  nearestInt64,
  nilable,
  nilableList,
  type StructCodec,
  struct,
  text,
  textMap,
} from '@reeve/bytes';
import type { HealthCheck, HealthCheckDefinition } from '../records/index.ts';
import { recordElementsMax } from './limits.ts';
import { raftIndexFields } from './records.ts';
import { shared } from './shared-value.ts';

const definition = struct<HealthCheckDefinition>({
  http: field('HTTP', text),
  tlsSkipVerify: field('TLSSkipVerify', boolean),
  header: field('Header', nilable(textMap(list(text, recordElementsMax), recordElementsMax))),
  method: field('Method', text),
  body: field('Body', text),
  tcp: field('TCP', text),
  intervalNs: field('Interval', nearestInt64),
  outputMaxSize: field('OutputMaxSize', nearestInt64),
  timeoutNs: field('Timeout', nearestInt64),
  deregisterCriticalServiceAfterNs: field('DeregisterCriticalServiceAfter', nearestInt64),
  scriptArgs: field('ScriptArgs', nilableList(text, recordElementsMax)),
  dockerContainerId: field('DockerContainerID', text),
  shell: field('Shell', text),
  grpc: field('GRPC', text),
  grpcUseTls: field('GRPCUseTLS', boolean),
  aliasNode: field('AliasNode', text),
  aliasService: field('AliasService', text),
  ttlNs: field('TTL', nearestInt64),
});

/** The definition of a check that was registered without one: the checks of agents never have one here. */
export const noDefinition: HealthCheckDefinition = Object.freeze(definition.zero());

/** A check. */
export const healthCheckCodec: StructCodec<HealthCheck> = struct<HealthCheck>({
  node: field('Node', text),
  checkId: field('CheckID', text),
  name: field('Name', text),
  status: field('Status', text),
  notes: field('Notes', text),
  output: field('Output', text),
  serviceId: field('ServiceID', text),
  serviceName: field('ServiceName', text),
  serviceTags: field('ServiceTags', nilableList(text, recordElementsMax)),
  type: field('Type', text),
  definition: field('Definition', shared(definition, noDefinition)),
  ...raftIndexFields,
});
