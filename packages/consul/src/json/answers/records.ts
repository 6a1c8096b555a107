// Records as JSON, each worked out once: records never change. Fields are in Go's order.
// Upstream: agent/structs/structs.go. `null` or `[]`, `?` or always: consul's own table of differences is
// in the tests.

import type { MsgpackValue } from '@reeve/bytes';
import { compactJson, formatDuration, type JsonOutput } from '@reeve/cli';
import type {
  HealthCheck,
  HealthCheckDefinition,
  InstanceHealth,
  Node,
  NodeCoordinate,
  NodeService,
  ServiceInstance,
  Session,
  Weights,
} from '../../core/index.ts';
import { keptText } from '../../remembered/by-record.ts';
import { jsonList } from './list.ts';

/** A node. */
export const nodeJson = keptText((node: Node) => compactJson(nodeFields(node)));

/** The fields of a node. */
export function nodeFields(node: Node) {
  return {
    ID: node.id,
    Node: node.name,
    Address: node.address,
    Datacenter: node.datacenter,
    TaggedAddresses: node.taggedAddresses,
    Meta: node.meta,
    CreateIndex: node.createIndex,
    ModifyIndex: node.modifyIndex,
  };
}

/** A service as catalog and health show it: tags are a list, always. */
export const serviceJson = keptText((service: NodeService) =>
  compactJson(serviceFields(service, service.tags ?? [])),
);

/** A service as the web pages and transactions get it: no tags are null. */
export const bareServiceJson = keptText((service: NodeService) =>
  compactJson(serviceFields(service, service.tags)),
);

/** A check as health shows it: tags are a list, always. */
export const healthCheckJson = keptText((check: HealthCheck) => checkJson(check, check.serviceTags ?? []));

/** A check as the web pages and transactions get it: no tags are null. */
export const bareHealthCheckJson = keptText((check: HealthCheck) => checkJson(check, check.serviceTags));

/** A service with its checks. */
export function instanceHealthJson({ node, service, checks }: InstanceHealth): string {
  const list = jsonList(checks, healthCheckJson);
  return `{"Node":${nodeJson(node)},"Service":${serviceJson(service)},"Checks":${list}}`;
}

/** A service with its node in one flat object, as the catalog shows it. */
export function serviceInstanceJson({ node, service }: ServiceInstance): string {
  return compactJson({
    ID: node.id,
    Node: node.name,
    Address: node.address,
    Datacenter: node.datacenter,
    TaggedAddresses: node.taggedAddresses,
    NodeMeta: node.meta,
    ServiceKind: service.kind,
    ServiceID: service.id,
    ServiceName: service.service,
    ServiceTags: service.tags ?? [],
    ServiceAddress: service.address,
    ...omitEmpty('ServiceTaggedAddresses', addressFields(service.taggedAddresses)),
    ServiceWeights: weightsOf(service.weights),
    ServiceMeta: service.meta ?? new Map(), // as upstream, which copies it
    ServicePort: service.port,
    ServiceEnableTagOverride: service.enableTagOverride,
    ServiceProxy: meshObject(service.proxy, noProxy),
    ServiceConnect: meshObject(service.connect, {}),
    CreateIndex: service.createIndex,
    ModifyIndex: service.modifyIndex,
  });
}

/** A session. */
export const sessionJson = keptText((session: Session) =>
  compactJson({
    ID: session.id,
    Name: session.name,
    Node: session.node,
    LockDelay: session.lockDelayNs,
    Behavior: session.behavior,
    TTL: session.ttl,
    NodeChecks: session.nodeChecks,
    ServiceChecks:
      session.serviceChecks?.map(({ id, namespace }) => ({ ID: id, Namespace: namespace })) ?? null,
    ...omitEmpty('Checks', session.checks),
    CreateIndex: session.createIndex,
    ModifyIndex: session.modifyIndex,
  }),
);

/** A node's coordinate. */
export function coordinateJson({ node, segment, coordinate }: NodeCoordinate): string {
  const { vec, error, adjustment, height } = coordinate;
  const coord = { Vec: [...vec], Error: error, Adjustment: adjustment, Height: height };
  return compactJson({ Node: node, Segment: segment, Coord: coord });
}

function serviceFields(service: NodeService, tags: readonly string[] | null): { [key: string]: JsonOutput } {
  return {
    ...omitEmpty('Kind', service.kind),
    ID: service.id,
    Service: service.service,
    Tags: tags,
    Address: service.address,
    ...omitEmpty('TaggedAddresses', addressFields(service.taggedAddresses)),
    Meta: service.meta,
    Port: service.port,
    Weights: weightsOf(service.weights),
    EnableTagOverride: service.enableTagOverride,
    Proxy: meshObject(service.proxy, noProxy),
    Connect: meshObject(service.connect, {}),
    CreateIndex: service.createIndex,
    ModifyIndex: service.modifyIndex,
  };
}

function checkJson(check: HealthCheck, serviceTags: readonly string[] | null): string {
  return compactJson(checkFields({ ...check, serviceTags }, definitionFields(check.definition)));
}

/** The fields of a check; how it is made is told in more than one way. */
export function checkFields(check: Omit<HealthCheck, 'definition'>, definition: JsonOutput) {
  return {
    Node: check.node,
    CheckID: check.checkId,
    Name: check.name,
    Status: check.status,
    Notes: check.notes,
    Output: check.output,
    ServiceID: check.serviceId,
    ServiceName: check.serviceName,
    ServiceTags: check.serviceTags,
    Type: check.type,
    Definition: definition,
    CreateIndex: check.createIndex,
    ModifyIndex: check.modifyIndex,
  };
}

function definitionFields(definition: HealthCheckDefinition): { [key: string]: JsonOutput } {
  return {
    ...omitEmpty('Interval', duration(definition.intervalNs)),
    ...omitEmpty('OutputMaxSize', definition.outputMaxSize),
    ...omitEmpty('Timeout', duration(definition.timeoutNs)),
    ...omitEmpty('DeregisterCriticalServiceAfter', duration(definition.deregisterCriticalServiceAfterNs)),
    ...omitEmpty('HTTP', definition.http),
    ...omitEmpty('TLSSkipVerify', definition.tlsSkipVerify),
    ...omitEmpty('Header', definition.header),
    ...omitEmpty('Method', definition.method),
    ...omitEmpty('Body', definition.body),
    ...omitEmpty('TCP', definition.tcp),
    ...omitEmpty('ScriptArgs', definition.scriptArgs),
    ...omitEmpty('DockerContainerID', definition.dockerContainerId),
    ...omitEmpty('Shell', definition.shell),
    ...omitEmpty('GRPC', definition.grpc),
    ...omitEmpty('GRPCUseTLS', definition.grpcUseTls),
    ...omitEmpty('AliasNode', definition.aliasNode),
    ...omitEmpty('AliasService', definition.aliasService),
    ...omitEmpty('TTL', definition.ttlNs),
  };
}

/** Intervals are texts, except the one of TTL, which upstream forgot. */
function duration(ns: number): string {
  return ns === 0 ? '' : formatDuration(ns / nsPerMs);
}

/** Addresses by the network they belong to. */
export function addressFields(addresses: NodeService['taggedAddresses']): JsonOutput {
  if (addresses === null) return null;
  return new Map([...addresses].map(([name, { address, port }]) => [name, { Address: address, Port: port }]));
}

function weightsOf(weights: Weights | null): JsonOutput {
  return { Passing: weights?.passing ?? 1, Warning: weights?.warning ?? 1 };
}

/** What the mesh has put into a record, by Go's names; `usual` where it has put nothing. */
function meshObject(value: MsgpackValue, usual: JsonOutput): JsonOutput {
  return value === null ? usual : plainOf(value);
}

function plainOf(value: MsgpackValue): JsonOutput {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plainOf);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [String(key), plainOf(item)]));
  return value as JsonOutput;
}

/** A field that Go leaves out where it is empty. */
function omitEmpty(name: string, value: JsonOutput): { readonly [name: string]: JsonOutput } {
  const isEmpty =
    !value || (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0);
  return isEmpty ? {} : { [name]: value };
}

const noProxy = { MeshGateway: {}, Expose: {} };
const nsPerMs = 1e6;
