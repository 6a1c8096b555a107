// A check's settings as JSON; times are numbers of nanoseconds. Upstream: agent/structs/check_type.go.

import { compactJson } from '@reeve/cli';
import type { CheckType } from '../../definitions/check-type.ts';

/** The settings, as they lie in files of the data directory. */
export function checkTypeJson(type: CheckType): string {
  return compactJson({
    CheckID: type.checkId,
    Name: type.name,
    Status: type.status,
    Notes: type.notes,
    ScriptArgs: type.scriptArgs,
    HTTP: type.http,
    Header: type.header,
    Method: type.method,
    Body: type.body,
    TCP: type.tcp,
    Interval: type.intervalNs,
    AliasNode: type.aliasNode,
    AliasService: type.aliasService,
    DockerContainerID: type.dockerContainerId,
    Shell: type.shell,
    GRPC: type.grpc,
    GRPCUseTLS: type.grpcUseTls,
    TLSSkipVerify: type.tlsSkipVerify,
    Timeout: type.timeoutNs,
    TTL: type.ttlNs,
    SuccessBeforePassing: type.successBeforePassing,
    FailuresBeforeCritical: type.failuresBeforeCritical,
    ProxyHTTP: '',
    ProxyGRPC: '',
    DeregisterCriticalServiceAfter: type.deregisterCriticalServiceAfterNs,
    OutputMaxSize: type.outputMaxSize,
  });
}
