// A service as `consul services register` sends it: what is empty is left out, but for the checks.
// Upstream: api/agent.go (AgentServiceRegistration, AgentServiceCheck).

import { formatDuration, type JsonOutput } from '@reeve/cli';
import type { ServiceAddress, Weights } from '../core/index.ts';
import type { CheckType } from '../definitions/check-type.ts';
import type { ConnectSettings, MeshSettings } from '../definitions/service-mesh.ts';
import { proxyJson } from './mesh-request.ts';
import { unlessEmpty } from './unless-empty.ts';

/** What is to be registered. */
export interface ServiceRequest {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[] | null;
  readonly port: number;
  readonly address: string;
  readonly taggedAddresses: ReadonlyMap<string, ServiceAddress> | null;
  readonly enableTagOverride: boolean;
  readonly meta: ReadonlyMap<string, string> | null;
  /** null: the agent's usual ones. */
  readonly weights: Weights | null;
  readonly checks: readonly CheckType[] | null;
  readonly mesh: MeshSettings<ServiceRequest>;
}

/** The body of the request. @param check what there is instead of a single check */
export function serviceRequestJson(service: ServiceRequest, check: JsonOutput = null): JsonOutput {
  const addresses = [...(service.taggedAddresses ?? [])].map(
    ([name, { address, port }]) => [name, { Address: address, Port: port }] as const,
  );
  const { weights, mesh } = service;
  const checks = service.checks ?? [];
  return {
    ...unlessEmpty({
      Kind: service.kind,
      ID: service.id,
      Name: service.name,
      Tags: service.tags,
      Port: service.port,
      Address: service.address,
      TaggedAddresses: new Map(addresses),
      EnableTagOverride: service.enableTagOverride,
      Meta: service.meta,
      Weights: weights === null ? null : { Passing: weights.passing, Warning: weights.warning },
    }),
    Check: check,
    Checks: checks.length === 0 ? null : checks.map(checkJson),
    ...(mesh.proxy === null ? {} : { Proxy: proxyJson(mesh.proxy) }),
    ...(mesh.connect === null ? {} : { Connect: connectJson(mesh.connect) }),
  };
}

function connectJson({ isNative, sidecar }: ConnectSettings<ServiceRequest>): JsonOutput {
  return {
    ...unlessEmpty({ Native: isNative }),
    ...(sidecar === null ? {} : { SidecarService: serviceRequestJson(sidecar, {}) }),
  };
}

function checkJson(check: CheckType): JsonOutput {
  return unlessEmpty({
    CheckID: check.checkId,
    Name: check.name,
    ScriptArgs: check.scriptArgs,
    DockerContainerID: check.dockerContainerId,
    Shell: check.shell,
    Interval: durationText(check.intervalNs),
    Timeout: durationText(check.timeoutNs),
    TTL: durationText(check.ttlNs),
    HTTP: check.http,
    Header: check.header,
    Method: check.method,
    Body: check.body,
    TCP: check.tcp,
    Status: check.status,
    Notes: check.notes,
    TLSSkipVerify: check.tlsSkipVerify,
    GRPC: check.grpc,
    GRPCUseTLS: check.grpcUseTls,
    AliasNode: check.aliasNode,
    AliasService: check.aliasService,
    SuccessBeforePassing: check.successBeforePassing,
    FailuresBeforeCritical: check.failuresBeforeCritical,
    DeregisterCriticalServiceAfter: durationText(check.deregisterCriticalServiceAfterNs),
  });
}

function durationText(ns: number): string {
  return ns === 0 ? '' : formatDuration(ns / nsPerMs);
}

const nsPerMs = 1e6;
