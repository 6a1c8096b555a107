// Services and checks of a configuration as `agent/self` shows them: every field by its name in Go, and what
// may be a secret hidden. Upstream: agent/config/runtime.go (Sanitized).

import { formatDuration, type JsonOutput } from '@reeve/cli';
import { evenWeights } from '../core/index.ts';
import type { CheckDefinition } from '../definitions/check-definition.ts';
import type { CheckType } from '../definitions/check-type.ts';
import type { ServiceDefinition } from '../definitions/service-definition.ts';
import { hideSecrets } from './secrets.ts';

type Fields = { readonly [goName: string]: JsonOutput };

/** A check by itself. */
export function checkFields(check: CheckDefinition): Fields {
  return {
    ...checkTypeFields(check),
    EnterpriseMeta: {},
    ID: check.checkId,
    ServiceID: check.serviceId,
    Token: 'hidden',
  };
}

function checkTypeFields(check: CheckType): Fields {
  const duration = (ns: number): string => formatDuration(ns / nsPerMs);
  return {
    AliasNode: check.aliasNode,
    AliasService: check.aliasService,
    Body: check.body,
    DeregisterCriticalServiceAfter: duration(check.deregisterCriticalServiceAfterNs),
    DockerContainerID: check.dockerContainerId,
    FailuresBeforeCritical: check.failuresBeforeCritical,
    GRPC: check.grpc,
    GRPCUseTLS: check.grpcUseTls,
    HTTP: check.http,
    Header: hideSecrets(check.header ?? new Map()),
    Interval: duration(check.intervalNs),
    Method: check.method,
    Name: check.name,
    Notes: check.notes,
    OutputMaxSize: check.outputMaxSize,
    ScriptArgs: check.scriptArgs ?? [],
    Shell: check.shell,
    Status: check.status,
    SuccessBeforePassing: check.successBeforePassing,
    TCP: check.tcp,
    TLSSkipVerify: check.tlsSkipVerify,
    TTL: duration(check.ttlNs),
    Timeout: duration(check.timeoutNs),
  };
}

/** A service. */
export function serviceFields(service: ServiceDefinition): Fields {
  const weights = service.weights ?? evenWeights;
  return {
    Address: service.address,
    Check: serviceCheckFields(service.check),
    Checks: (service.checks ?? []).map(serviceCheckFields),
    Connect: null,
    EnableTagOverride: service.enableTagOverride,
    EnterpriseMeta: {},
    ID: service.id,
    Kind: service.kind,
    Meta: hideSecrets(service.meta ?? new Map()),
    Name: service.name,
    Port: service.port,
    Proxy: null,
    TaggedAddresses: new Map(
      [...(service.taggedAddresses ?? [])].map(([name, { address, port }]) => [
        name,
        { Address: address, Port: port },
      ]),
    ),
    Tags: service.tags ?? [],
    Token: 'hidden',
    Weights: { Passing: weights.passing, Warning: weights.warning },
  };
}

function serviceCheckFields(check: CheckType): Fields {
  return { ...checkTypeFields(check), CheckID: check.checkId, ProxyGRPC: '', ProxyHTTP: '' };
}

const nsPerMs = 1e6;
