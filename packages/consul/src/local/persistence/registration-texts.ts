// What is in the files that keep registrations: JSON with the original's names, in its order.
// Upstream: agent/agent.go (persistedService, persistedCheck, persistedCheckState).

import { compactJson } from '@reeve/cli';
import type { HealthCheck, NodeService } from '../../core/index.ts';
import type { CheckType } from '../../definitions/check-type.ts';
import { checkTypeJson } from '../../json/answers/check-type.ts';
import { bareHealthCheckJson, bareServiceJson } from '../../json/answers/records.ts';
import { int, nilable, struct, text } from '../../json/decode.ts';
import { checkTypeBody } from '../../json/requests/definitions.ts';
import { healthCheck, service } from '../../json/requests/records.ts';

/** A service as it was registered. */
export interface PersistedService {
  readonly token: string;
  readonly service: NodeService | null;
  /** `remote`: through HTTP. */
  readonly source: string;
}

/** A check as it was registered; that of maintenance has no type. */
export interface PersistedCheck {
  readonly check: HealthCheck | null;
  readonly type: CheckType | null;
  readonly token: string;
  readonly source: string;
}

/** What a TTL check was told last. */
export interface PersistedCheckState {
  readonly checkId: string;
  readonly output: string;
  readonly status: string;
  /** In seconds since 1970. */
  readonly expires: number;
}

/** What a service's file decodes to. */
export const serviceFile = struct<PersistedService>('', {
  token: ['Token', text],
  service: ['Service', nilable(service)],
  source: ['Source', text],
});

/** What a check's file decodes to. */
export const checkFile = struct<PersistedCheck>('', {
  check: ['Check', nilable(healthCheck)],
  type: ['ChkType', nilable(checkTypeBody)],
  token: ['Token', text],
  source: ['Source', text],
});

/** What the file of a check's status decodes to. */
export const stateFile = struct<PersistedCheckState>('', {
  checkId: ['CheckID', text],
  output: ['Output', text],
  status: ['Status', text],
  expires: ['Expires', int],
});

/** The file of a service. */
export function serviceFileText(persisted: PersistedService & { readonly service: NodeService }): string {
  const record = bareServiceJson(persisted.service);
  return `{"Token":${compactJson(persisted.token)},"Service":${record},${sourceOf(persisted)}}`;
}

/** The file of a check. */
export function checkFileText(persisted: PersistedCheck & { readonly check: HealthCheck }): string {
  const { check, type, token } = persisted;
  const settings = type === null ? 'null' : checkTypeJson(type);
  const head = `{"Check":${bareHealthCheckJson(check)},"ChkType":${settings}`;
  return `${head},"Token":${compactJson(token)},${sourceOf(persisted)}}`;
}

/** The file of a status that a check was told. */
export function stateFileText({ checkId, output, status, expires }: PersistedCheckState): string {
  return compactJson({ CheckID: checkId, Output: output, Status: status, Expires: expires });
}

function sourceOf({ source }: { readonly source: string }): string {
  return `"Source":${compactJson(source)}`;
}
