// A check as Go's client library has it, which is not as the catalog has it: its definition says less, and
// all of it always. Transactions bring checks in this shape, agents show their own in it, watches tell of
// them. Upstream: api/health.go.

import { compactJson, formatDuration } from '@reeve/cli';
import type { HealthCheck, HealthCheckDefinition } from '../core/index.ts';
import { checkFields } from './answers/records.ts';
import { durationNs, type Kind, namelessStruct, nilable, readableDurationNs, struct } from './decode.ts';
import { probeFields } from './fields.ts';

/** Upstream: api.HealthCheck. */
export interface ApiCheck extends Omit<HealthCheck, 'definition'> {
  readonly definition: ApiCheckDefinition;
}

/** Upstream: api.HealthCheckDefinition. */
type ApiCheckDefinition = Pick<
  HealthCheckDefinition,
  keyof typeof probeFields | 'intervalNs' | 'timeoutNs' | 'deregisterCriticalServiceAfterNs'
>;

type SpeltCheckDefinition = ApiCheckDefinition & {
  readonly intervalToo: number | null;
  readonly timeoutToo: number | null;
  readonly deregisterToo: number | null;
};

const otherNames = ['IntervalDuration', 'TimeoutDuration', 'DeregisterCriticalServiceAfterDuration'];
const speltType = namelessStruct(
  'api.Alias',
  otherNames.map((name) => [name, 'interface {}']),
);

const spelt = struct<SpeltCheckDefinition>(speltType, {
  ...probeFields,
  intervalNs: ['Interval', readableDurationNs],
  timeoutNs: ['Timeout', readableDurationNs],
  deregisterCriticalServiceAfterNs: ['DeregisterCriticalServiceAfter', readableDurationNs],
  intervalToo: ['IntervalDuration', nilable(durationNs)],
  timeoutToo: ['TimeoutDuration', nilable(durationNs)],
  deregisterToo: ['DeregisterCriticalServiceAfterDuration', nilable(durationNs)],
});

/** How the check is made. Durations have two names; the longer one counts. */
export const apiCheckDefinition: Kind<ApiCheckDefinition> = {
  zero: usualSpelling(spelt.zero),
  read: (value, at) => usualSpelling(spelt.read(value, at)),
};

/** The fields of a check as Go writes them; durations are texts, those that are not set too. */
export function apiCheckFields({ definition, ...check }: ApiCheck) {
  return checkFields(check, {
    Interval: durationText(definition.intervalNs),
    Timeout: durationText(definition.timeoutNs),
    DeregisterCriticalServiceAfter: durationText(definition.deregisterCriticalServiceAfterNs),
    HTTP: definition.http,
    Header: definition.header,
    Method: definition.method,
    Body: definition.body,
    TLSSkipVerify: definition.tlsSkipVerify,
    TCP: definition.tcp,
  });
}

function usualSpelling(definition: SpeltCheckDefinition): ApiCheckDefinition {
  const { intervalToo, timeoutToo, deregisterToo, ...usual } = definition;
  return {
    ...usual,
    intervalNs: intervalToo ?? usual.intervalNs,
    timeoutNs: timeoutToo ?? usual.timeoutNs,
    deregisterCriticalServiceAfterNs: deregisterToo ?? usual.deregisterCriticalServiceAfterNs,
  };
}

/** A check of the agent itself: it tells neither its type nor how it is made. */
export function agentCheckJson(check: HealthCheck): string {
  const hidden = { type: '', definition: apiCheckDefinition.zero, createIndex: 0, modifyIndex: 0 };
  return compactJson(apiCheckFields({ ...check, ...hidden }));
}

function durationText(ns: number): string {
  return formatDuration(ns / nsPerMs);
}

const nsPerMs = 1e6;
