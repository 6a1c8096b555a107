// A service with its checks. Upstream: agent/structs/service_definition.go, agent/agent.go (validateService,
// addServiceInternal).

import { formatIp } from '@reeve/bytes';
import {
  evenWeights,
  type HealthCheck,
  healthCheckCodec,
  type NodeService,
  parseAddress,
  type ServiceAddress,
  type TextMap,
  type Weights,
  weightMax,
} from '../core/index.ts';
import { type CheckType, checkKindOf, checkTypeProblem, noCheckType } from './check-type.ts';
import { type MeshSettings, noMesh } from './service-mesh.ts';

/** A service from a file or a request. */
export interface ServiceDefinition {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[] | null;
  readonly address: string;
  readonly taggedAddresses: ReadonlyMap<string, ServiceAddress> | null;
  readonly meta: TextMap | null;
  readonly port: number;
  readonly check: CheckType;
  readonly checks: readonly CheckType[] | null;
  /** null: 1 and 1. */
  readonly weights: Weights | null;
  readonly token: string;
  readonly enableTagOverride: boolean;
  readonly mesh: MeshSettings<ServiceDefinition>;
}

/** What the agent keeps of it. Without an id it takes its name; an address counts as those of LAN and WAN. */
export function serviceOf(definition: ServiceDefinition): NodeService {
  return {
    kind: definition.kind,
    id: definition.id || definition.name,
    service: definition.name,
    tags: definition.tags,
    address: definition.address,
    taggedAddresses: taggedAddressesOf(definition),
    meta: definition.meta,
    port: definition.port,
    weights: definition.weights ?? evenWeights,
    enableTagOverride: definition.enableTagOverride,
    proxy: null,
    connect: null,
    createIndex: 0,
    modifyIndex: 0,
  };
}

/** Its checks: `check`, if it has any settings, then `checks`. */
export function checkTypesOf({ check, checks }: ServiceDefinition): readonly CheckType[] {
  return isEmpty(check) ? (checks ?? []) : [check, ...(checks ?? [])];
}

/** What is wrong with the first of these checks that has something wrong, or undefined. */
export function checkTypesProblem(types: readonly CheckType[]): string | undefined {
  return types.map(checkTypeProblem).find((problem) => problem !== undefined);
}

/** What the catalog gets of a service's checks: those without an id are numbered, if there are several. */
export function serviceChecksOf(service: NodeService, types: readonly CheckType[], node: string) {
  return types.map((type, at): HealthCheck => {
    const number = types.length > 1 ? `:${at + 1}` : '';
    return {
      ...healthCheckCodec.zero(),
      node,
      checkId: type.checkId || `service:${service.id}${number}`,
      name: type.name || `Service '${service.service}' check`,
      status: type.status || 'critical',
      notes: type.notes,
      serviceId: service.id,
      serviceName: service.service,
      serviceTags: service.tags,
      type: checkKindOf(type),
    };
  });
}

/** What is wrong with weights, or undefined. */
export function weightsProblem({ passing, warning }: Weights): string | undefined {
  if (passing < 1) return 'Passing must be greater than 0';
  if (warning < 0) return 'Warning must be greater or equal than 0';
  return passing > weightMax || warning > weightMax ? 'DNS Weight must be between 0 and 65535' : undefined;
}

/** What is wrong with tagged addresses, or undefined. Upstream never looks at `wan_ipv6`. */
export function taggedAddressesProblem(addresses: ServiceDefinition['taggedAddresses']): string | undefined {
  for (const [name, family] of [
    ['lan_ipv4', 4],
    ['wan_ipv4', 4],
    ['lan_ipv6', 6],
  ] as const) {
    const tagged = addresses?.get(name);
    if (tagged !== undefined && familyOf(tagged.address) !== family) {
      return `Service tagged address "${name}" must be a valid ipv${family} address`;
    }
  }
  return undefined;
}

/** Whether an address stands for all of a machine's, and says nothing to others (upstream: ipaddr.IsAny). */
export function isAnyAddress(address: string): boolean {
  return anyAddresses.has(address);
}

function taggedAddressesOf({ address, port, taggedAddresses }: ServiceDefinition) {
  const all = new Map(taggedAddresses);
  const family = familyOf(address);
  for (const network of family === undefined ? [] : ['lan', 'wan']) {
    const name = `${network}_ipv${family}`;
    if (!all.has(name)) all.set(name, { address, port });
  }
  return all.size === 0 ? null : all;
}

/** An IPv4 address may be spelt as one of IPv6. */
function familyOf(address: string): 4 | 6 | undefined {
  const bytes = parseAddress(address);
  if (bytes === undefined) return undefined;
  return formatIp(bytes)?.includes(':') ? 6 : 4;
}

function isEmpty(type: CheckType): boolean {
  return (Object.keys(noCheckType) as (keyof CheckType)[]).every((key) => type[key] === noCheckType[key]);
}

/** A service without settings. */
export const noServiceDefinition: ServiceDefinition = Object.freeze({
  kind: '',
  id: '',
  name: '',
  tags: null,
  address: '',
  taggedAddresses: null,
  meta: null,
  port: 0,
  check: noCheckType,
  checks: null,
  weights: null,
  token: '',
  enableTagOverride: false,
  mesh: noMesh,
});

const anyAddresses = new Set(['0.0.0.0', '::', '[::]']);
