// A check in the shape that Go's client library has for it, which is another one than that of the catalog:
// its definition has all fields, and its type is left out. Upstream: api/health.go.

import { compactJson } from '@reeve/cli';
import type { HealthCheck } from '../../core/index.ts';

/** A check of the agent. */
export function apiHealthCheckJson(check: HealthCheck): string {
  return compactJson({
    Node: check.node,
    CheckID: check.checkId,
    Name: check.name,
    Status: check.status,
    Notes: check.notes,
    Output: check.output,
    ServiceID: check.serviceId,
    ServiceName: check.serviceName,
    ServiceTags: check.serviceTags,
    Type: '',
    Definition: nothingDefined,
    CreateIndex: 0,
    ModifyIndex: 0,
  });
}

const nothingDefined = {
  Interval: '0s',
  Timeout: '0s',
  DeregisterCriticalServiceAfter: '0s',
  HTTP: '',
  Header: null,
  Method: '',
  Body: '',
  TLSSkipVerify: false,
  TCP: '',
};
