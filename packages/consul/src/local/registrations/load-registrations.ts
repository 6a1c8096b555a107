// Registers what the configuration's files define and what was registered through HTTP before a restart. A
// definition in a file wins over one that was kept, and removes it.
// Upstream: agent/agent.go (loadServices, loadChecks, reloadConfigInternal).

import { quote } from '@reeve/cli';
import type { HealthCheck } from '../../core/index.ts';
import { type CheckDefinition, healthCheckOf } from '../../definitions/check-definition.ts';
import { type CheckType, checkKindOf } from '../../definitions/check-type.ts';
import {
  checkTypesOf,
  checkTypesProblem,
  type ServiceDefinition,
  serviceOf,
} from '../../definitions/service-definition.ts';
import { logFields } from '../../log/log-fields.ts';
import type { PersistedCheck, PersistedService } from '../persistence/registration-texts.ts';
import type { Registrations, Source } from './registrations.ts';

/** What the configuration's files define. */
export interface Definitions {
  readonly services: readonly ServiceDefinition[];
  readonly checks: readonly CheckDefinition[];
}

/** Registers everything. Rejects with the first definition that is wrong; a kept check that is goes. */
export async function loadRegistrations(registrations: Registrations, defined: Definitions): Promise<void> {
  await loadServices(registrations, defined);
  await loadChecks(registrations, defined);
}

async function loadServices(registrations: Registrations, defined: Definitions): Promise<void> {
  const { files } = registrations.parts;
  for (const definition of defined.services) await loadService(registrations, definition);
  const services = await files?.services((file, error) => tellOdd(registrations, 'service', file, error));
  for (const persisted of services ?? []) await restoreService(registrations, persisted);
}

async function loadChecks(registrations: Registrations, defined: Definitions): Promise<void> {
  const { files } = registrations.parts;
  for (const definition of defined.checks) await loadCheck(registrations, definition);
  const checks = await files?.checks((file, error) => tellOdd(registrations, 'check', file, error));
  for (const persisted of checks ?? []) await restoreCheck(registrations, persisted);
}

/** The same again; checks that are still defined keep their status and output. Files are not touched. */
export async function reloadRegistrations(registrations: Registrations, defined: Definitions): Promise<void> {
  const { state, pauses } = registrations.parts;
  const before = new Map(state.checks().map((check) => [check.checkId, check]));
  pauses.pause();
  try {
    for (const { checkId } of state.checks()) await registrations.removeCheck(checkId, false);
    for (const { id } of state.services()) await registrations.removeService(id, false);
    await reloading('services', loadServices(registrations, defined));
    await reloading('checks', loadChecks(registrations, defined));
  } finally {
    for (const { checkId } of state.checks()) {
      const was = before.get(checkId);
      if (was !== undefined) state.updateCheck(checkId, was.status, was.output);
    }
    pauses.resume();
  }
}

/** What goes wrong is told with what it happened to. */
async function reloading(what: string, loaded: Promise<void>): Promise<void> {
  try {
    await loaded;
  } catch (error) {
    throw new Error(`Failed reloading ${what}: ${(error as Error).message}`, { cause: error });
  }
}

async function loadService(registrations: Registrations, definition: ServiceDefinition): Promise<void> {
  const { name, token } = definition;
  const types = checkTypesOf(definition);
  const problem = checkTypesProblem(types);
  if (problem !== undefined) {
    throw new Error(`Failed to validate checks for service ${quote(name)}: ${problem}`);
  }
  try {
    await registrations.addService(serviceOf(definition), types, { token, source: 'local', isKept: false });
  } catch (error) {
    throw new Error(`Failed to register service ${quote(name)}: ${(error as Error).message}`);
  }
}

async function loadCheck(registrations: Registrations, definition: CheckDefinition): Promise<void> {
  const check = healthCheckOf(definition, registrations.parts.settings.nodeName);
  const who = { token: definition.token, source: 'local', isKept: false } as const;
  try {
    await registrations.addCheck(await asTold(registrations, check, definition), definition, who);
  } catch (error) {
    throw new Error(`Failed to register check '${definition.name}': ${(error as Error).message}`);
  }
}

async function restoreService(
  registrations: Registrations,
  { service, token, source }: PersistedService,
): Promise<void> {
  const { state, files, runtime } = registrations.parts;
  if (service === null) return;
  if (!isSource(source)) {
    const text = 'agent: service exists with invalid source, purging';
    runtime.log('warn', `${text}: service=${service.id} source=${source}`);
    return files?.removeService(service.id);
  }
  if (state.service(service.id) !== undefined) return files?.removeService(service.id);
  try {
    await registrations.addService(service, [], { token, source, isKept: false });
  } catch (error) {
    throw new Error(`failed adding service ${quote(service.id)}: ${(error as Error).message}`);
  }
}

/** It starts critical, so that nobody is sent to what may be down. */
async function restoreCheck(
  registrations: Registrations,
  { check, type, token, source }: PersistedCheck,
): Promise<void> {
  const { state, files, runtime } = registrations.parts;
  if (check === null) return;
  const { checkId } = check;
  if (!isSource(source)) {
    const text = 'agent: check exists with invalid source, purging';
    runtime.log('warn', `${text}: check=${checkId} source=${source}`);
    return files?.removeCheck(checkId);
  }
  if (state.check(checkId) !== undefined) return files?.removeCheck(checkId);
  const critical: HealthCheck = { ...check, status: 'critical', createIndex: 0, modifyIndex: 0 };
  try {
    const told = await asTold(registrations, critical, type);
    await registrations.addCheck(told, type, { token, source, isKept: false });
  } catch (error) {
    const why = quote((error as Error).message);
    runtime.log('warn', `agent: Failed to restore check: check=${checkId} error=${why}`);
    await files?.removeCheck(checkId);
  }
}

/** A check with a time to live has the status that it was told last, if its time is not over. */
async function asTold(
  registrations: Registrations,
  check: HealthCheck,
  type: CheckType | null,
): Promise<HealthCheck> {
  const { files, runtime } = registrations.parts;
  if (type === null || checkKindOf(type) !== 'ttl') return check;
  const { checkId } = check;
  const state = await files
    ?.state(checkId, (file, error) => tellOdd(registrations, 'check', file, error))
    .catch((error: Error) => {
      const why = logFields({ check: checkId, error: error.message });
      runtime.log('warn', `agent: failed restoring state for check${why}`);
    });
  if (state === undefined) return check;
  if (runtime.clock.wallTime() / msPerSecond < state.expires) {
    return { ...check, status: state.status, output: state.output };
  }
  runtime.log('debug', `agent: check state expired, not restoring: check=${checkId}`);
  await files?.removeState(checkId);
  return check;
}

function isSource(source: string): source is Source {
  return source === 'local' || source === 'remote';
}

function tellOdd({ parts }: Registrations, what: 'service' | 'check', file: string, error: Error): void {
  parts.runtime.log('err', `agent: Failed decoding ${what} file: file=${file} error=${quote(error.message)}`);
}

const msPerSecond = 1_000;
