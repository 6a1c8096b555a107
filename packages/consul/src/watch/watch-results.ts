// What a watch tells its handler: the records of Go's client as its encoder writes them, which is not quite
// what the agent sent. Upstream: api/*.go (the structs and their json tags).

import { encodeBase64 } from '@reeve/bytes';
import type { JsonOutput } from '@reeve/cli';
import type { KeyValue } from '../api/key-values.ts';
import type { Instance, Service } from '../api/records/health.ts';
import type { UserEvent } from '../api/records/user-events.ts';
import { addressFields, nodeFields } from '../json/answers/records.ts';
import { apiCheckFields } from '../json/api-check.ts';

/** A key; its value in base64. */
export function keyValueJson(entry: KeyValue): JsonOutput {
  return {
    Key: entry.key,
    CreateIndex: entry.createIndex,
    ModifyIndex: entry.modifyIndex,
    LockIndex: entry.lockIndex,
    Flags: entry.flags,
    Value: entry.value === null ? null : encodeBase64(entry.value),
    Session: entry.session,
  };
}

/** A service with its node and its checks. */
export function instanceJson({ node, service, checks }: Instance): JsonOutput {
  return {
    Node: nodeFields(node),
    Service: serviceJson(service),
    Checks: checks === null ? null : checks.map(apiCheckFields),
  };
}

/** A user event. */
export function eventJson(event: UserEvent): JsonOutput {
  return {
    ID: event.id,
    Name: event.name,
    Payload: event.payload,
    NodeFilter: event.nodeFilter,
    ServiceFilter: event.serviceFilter,
    TagFilter: event.tagFilter,
    Version: event.version,
    LTime: event.lTime,
  };
}

/** A service. */
export function serviceJson(service: Service): JsonOutput {
  const { taggedAddresses, weights } = service;
  return {
    ...ifSet('Kind', service.kind),
    ID: service.id,
    Service: service.service,
    Tags: service.tags,
    Meta: service.meta,
    Port: service.port,
    Address: service.address,
    ...(taggedAddresses?.size ? { TaggedAddresses: addressFields(taggedAddresses) } : {}),
    Weights: { Passing: weights.passing, Warning: weights.warning },
    EnableTagOverride: service.enableTagOverride,
    ...ifSet('CreateIndex', service.createIndex),
    ...ifSet('ModifyIndex', service.modifyIndex),
    ...ifSet('ContentHash', service.contentHash),
    ...ifSet('Proxy', service.proxy),
    ...ifSet('Connect', service.connect),
  };
}

function ifSet(name: string, value: JsonOutput | undefined): { readonly [name: string]: JsonOutput } {
  return value ? { [name]: value } : {};
}
