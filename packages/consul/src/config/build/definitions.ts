// Services and checks of files as the definitions that the agent registers.
// Upstream: agent/config/builder.go (serviceVal, checkVal).

import type { JsonObject } from '@reeve/cli';
import { serviceMetadataProblem } from '../../core/index.ts';
import type { CheckDefinition } from '../../definitions/check-definition.ts';
import { type CheckType, noCheckType } from '../../definitions/check-type.ts';
import {
  noServiceDefinition,
  type ServiceDefinition,
  weightsProblem,
} from '../../definitions/service-definition.ts';
import {
  type ConnectSettings,
  type OpaqueSettings,
  type ProxySettings,
  type UpstreamSettings,
  withUsualTypes,
} from '../../definitions/service-mesh.ts';
import type { CheckSettings, ServiceSettings, UpstreamAsWritten } from '../settings/definitions.ts';
import type { BuildContext } from './build-context.ts';

/** A check that stands by itself. */
export function buildCheck(check: CheckSettings, context: BuildContext): CheckDefinition {
  return {
    ...buildCheckType(check, context),
    serviceId: check.serviceId ?? '',
    token: check.token ?? '',
  };
}

/** A service with its checks, those of the list first. */
export function buildService(service: ServiceSettings, context: BuildContext): ServiceDefinition {
  const name = service.name ?? '';
  const kind = meshKinds.has(service.kind ?? '') ? (service.kind ?? '') : '';
  const meta = service.meta ?? null;
  const weights = { passing: service.weights?.passing ?? 1, warning: service.weights?.warning ?? 1 };
  const problem = serviceMetadataProblem(kind, meta);
  if (problem !== undefined) context.problems.add(`invalid meta for service ${name}: ${problem}`);
  const unfit = weightsProblem(weights);
  if (unfit !== undefined) context.problems.add(`Invalid weight definition for service ${name}: ${unfit}`);
  const checks = [...(service.checks ?? []), ...(service.check === undefined ? [] : [service.check])];
  return {
    ...noServiceDefinition,
    kind,
    id: service.id ?? '',
    name,
    tags: service.tags ?? null,
    address: service.address ?? '',
    taggedAddresses: taggedAddresses(service),
    meta,
    port: service.port ?? 0,
    checks: checks.length === 0 ? null : checks.map((check) => buildCheckType(check, context)),
    weights,
    token: service.token ?? '',
    enableTagOverride: service.enableTagOverride ?? false,
    mesh: { proxy: withUsualTypes(proxyOf(service.proxy)), connect: connectOf(service.connect, context) },
  };
}

function proxyOf(proxy: ServiceSettings['proxy']): ProxySettings | null {
  if (proxy === undefined) return null;
  return {
    destinationServiceName: proxy.destinationServiceName ?? '',
    destinationServiceId: proxy.destinationServiceId ?? '',
    localServiceAddress: proxy.localServiceAddress ?? '',
    localServicePort: proxy.localServicePort ?? 0,
    config: opaque(proxy.config),
    upstreams: (proxy.upstreams ?? []).map(upstreamOf),
    gatewayMode: proxy.meshGateway?.mode ?? '',
    exposesChecks: proxy.expose?.checks ?? false,
    exposedPaths: (proxy.expose?.paths ?? []).map((exposed) => ({
      listenerPort: exposed.listenerPort ?? 0,
      path: exposed.path ?? '',
      localPathPort: exposed.localPathPort ?? 0,
      protocol: exposed.protocol ?? '',
    })),
  };
}

function upstreamOf(upstream: UpstreamAsWritten): UpstreamSettings {
  return {
    destinationType: upstream.destinationType ?? '',
    destinationNamespace: upstream.destinationNamespace ?? '',
    destinationName: upstream.destinationName ?? '',
    datacenter: upstream.datacenter ?? '',
    localBindAddress: upstream.localBindAddress ?? '',
    localBindPort: upstream.localBindPort ?? 0,
    config: opaque(upstream.config),
    gatewayMode: upstream.meshGateway?.mode ?? '',
  };
}

function opaque(settings: JsonObject | undefined): OpaqueSettings {
  return settings === undefined ? null : new Map(Object.entries(settings));
}

function connectOf(
  connect: ServiceSettings['connect'],
  context: BuildContext,
): ConnectSettings<ServiceDefinition> | null {
  if (connect === undefined) return null;
  const sidecar = connect.sidecarService as ServiceSettings | undefined;
  return {
    isNative: connect.native ?? false,
    sidecar: sidecar === undefined ? null : buildService(sidecar, context),
  };
}

function buildCheckType(check: CheckSettings, context: BuildContext): CheckType {
  const durationNs = (key: string, written: string | undefined): number =>
    Math.round(context.durationMs(`check[${check.id ?? ''}].${key}`, written) * nsPerMs);
  return {
    ...noCheckType,
    checkId: check.id ?? '',
    name: check.name ?? '',
    status: check.status ?? '',
    notes: check.notes ?? '',
    scriptArgs: check.scriptArgs ?? null,
    http: check.http ?? '',
    header: check.header ?? null,
    method: check.method ?? '',
    body: check.body ?? '',
    tcp: check.tcp ?? '',
    intervalNs: durationNs('interval', check.interval),
    aliasNode: check.aliasNode ?? '',
    aliasService: check.aliasService ?? '',
    dockerContainerId: check.dockerContainerId ?? '',
    shell: check.shell ?? '',
    grpc: check.grpc ?? '',
    grpcUseTls: check.grpcUseTls ?? false,
    tlsSkipVerify: check.tlsSkipVerify ?? false,
    timeoutNs: durationNs('timeout', check.timeout),
    ttlNs: durationNs('ttl', check.ttl),
    successBeforePassing: check.successBeforePassing ?? 0,
    failuresBeforeCritical: check.failuresBeforeCritical ?? 0,
    deregisterCriticalServiceAfterNs: durationNs(
      'deregister_critical_service_after',
      check.deregisterCriticalServiceAfter,
    ),
    outputMaxSize: check.outputMaxSize ?? outputBytesUsual,
  };
}

function taggedAddresses({ taggedAddresses: given }: ServiceSettings): ServiceDefinition['taggedAddresses'] {
  if (given === undefined || given.size === 0) return null;
  return new Map([...given].map(([name, { address = '', port = 0 }]) => [name, { address, port }]));
}

/** Any other kind counts as none. */
const meshKinds: ReadonlySet<string> = new Set([
  'connect-proxy',
  'mesh-gateway',
  'terminating-gateway',
  'ingress-gateway',
]);
const outputBytesUsual = 4096;
const nsPerMs = 1e6;
