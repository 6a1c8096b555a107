// What registering and deregistering does: the list of the agent's own, the checks that run, and the files
// that survive a restart, changed together. Upstream: agent/agent.go (addServiceInternal, addCheck,
// removeServiceLocked, removeCheckLocked).
// Next: load-registrations.ts, which does it at the start and on reload.

import { quote } from '@reeve/cli';
import type { Runtime } from '@reeve/runtime';
import type { HealthCheck, NodeService } from '../../core/index.ts';
import { type CheckType, checkKindOf, checkTypeProblem, isScript } from '../../definitions/check-type.ts';
import { serviceChecksOf, taggedAddressesProblem } from '../../definitions/service-definition.ts';
import type { RunningChecks } from '../checks/running-checks.ts';
import type { RegistrationFiles } from '../persistence/registration-files.ts';
import type { LocalState } from '../state/local-state.ts';
import { type CriticalServiceSettings, CriticalServices } from './critical-services.ts';
import { warnOfDnsNames } from './dns-names.ts';

/** What of the configuration concerns registrations. */
export interface RegistrationSettings extends CriticalServiceSettings {
  readonly nodeName: string;
  /** `enable_script_checks` or `enable_local_script_checks`: scripts from files may run. */
  readonly runsLocalScripts: boolean;
  /** `enable_script_checks`: scripts from requests may run. */
  readonly runsRemoteScripts: boolean;
}

/** The parts that registrations change. */
export interface RegistrationParts {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'log'>;
  readonly settings: RegistrationSettings;
  readonly state: LocalState;
  readonly checks: RunningChecks;
  /** Undefined: nothing survives a restart (`-dev`). */
  readonly files: RegistrationFiles | undefined;
  /** Nothing is told to the catalog in between. */
  readonly pauses: { pause(): void; resume(): void };
}

/** Where a registration comes from: the configuration's files, or a request. */
export type Source = 'local' | 'remote';

/** Who registers. */
export interface Registrant {
  readonly token: string;
  readonly source: Source;
  /** Whether it is to survive a restart. */
  readonly isKept: boolean;
}

/** The registrations of one agent. */
export class Registrations {
  readonly parts: RegistrationParts;
  readonly #critical: CriticalServices;

  constructor(parts: RegistrationParts) {
    this.parts = parts;
    this.#critical = new CriticalServices(parts, (id) => this.removeService(id));
  }

  /** From now on services go whose checks are critical for too long. */
  start(): void {
    this.#critical.start();
  }

  /** Nothing runs any more. */
  stop(): void {
    this.#critical.stop();
    this.parts.checks.stopAll();
  }

  /**
   * Adds or replaces a service. Checks that are there already keep their status; those that are not named
   * stay, unless `replacesChecks`. Rejects with what is wrong with it, and nothing has changed then.
   */
  async addService(
    service: NodeService,
    types: readonly CheckType[],
    who: Registrant,
    replacesChecks = false,
  ): Promise<void> {
    const { state, settings, runtime } = this.parts;
    if (service.service === '') throw new Error('Service name missing');
    for (const type of types) this.#refuseInvalid(type, who.source);
    const problem = taggedAddressesProblem(service.taggedAddresses);
    if (problem !== undefined) throw new Error(problem);
    warnOfDnsNames(runtime.log, service);
    const isNew = state.service(service.id) === undefined;
    const others = new Set(state.checksOf(service.id).map(({ checkId }) => checkId));
    const checks = serviceChecksOf(service, types, settings.nodeName).map((check) => this.#asItWas(check));
    await this.#paused(async () => {
      state.addService(service, checks, who.token);
      for (const [at, check] of checks.entries()) {
        this.#startCheck(check, types[at] ?? null, who.token);
        others.delete(check.checkId);
      }
      if (who.isKept) await this.#keepService(service, checks, types, who, isNew);
      if (replacesChecks) for (const checkId of others) await this.removeCheck(checkId, who.isKept);
    });
  }

  /** Adds or replaces a check; one without a type has nothing to run. Rejects with what is wrong with it. */
  async addCheck(check: HealthCheck, type: CheckType | null, who: Registrant): Promise<void> {
    const { state, files } = this.parts;
    const service = check.serviceId === '' ? undefined : state.service(check.serviceId);
    if (check.serviceId !== '' && service === undefined) {
      throw new Error(`ServiceID ${quote(check.serviceId)} does not exist`);
    }
    if (check.checkId === '') throw new Error('CheckID missing');
    if (type !== null) this.#refuseInvalid(type, who.source);
    const existing = state.check(check.checkId);
    const named = service && { serviceName: service.service, serviceTags: service.tags };
    const complete = { ...check, ...named };
    this.#startCheck(complete, type, who.token);
    state.addCheck(complete, who.token);
    if (existing !== undefined) state.updateCheck(check.checkId, existing.status, existing.output);
    if (who.isKept) await files?.putCheck({ check: complete, type, token: who.token, source: who.source });
  }

  /** Removes a service with its checks; one that is not there is a warning. */
  async removeService(id: string, isForgotten = true): Promise<void> {
    const { state, files, runtime } = this.parts;
    if (id === '') throw new Error('ServiceID missing');
    const checks = state.checksOf(id);
    if (!state.removeService(id)) {
      const error = quote(`Service ${quote(id)} does not exist`);
      return runtime.log('warn', `agent: Failed to deregister service: service=${id} error=${error}`);
    }
    for (const { checkId } of checks) this.#stopCheck(checkId);
    if (isForgotten) {
      await files?.removeService(id);
      for (const { checkId } of checks) await files?.removeCheck(checkId);
    }
    runtime.log('debug', `agent: removed service: service=${id}`);
  }

  /** Removes a check, if it is there. */
  async removeCheck(id: string, isForgotten = true): Promise<void> {
    if (id === '') throw new Error('CheckID missing');
    this.#stopCheck(id);
    if (isForgotten) await this.parts.files?.removeCheck(id);
    this.parts.runtime.log('debug', `agent: removed check: check=${id}`);
  }

  /** Somebody tells of a check with a time to live. Rejects if it is none. */
  async updateTtl(id: string, status: string, output: string): Promise<void> {
    const { checks, files, runtime } = this.parts;
    const ttl = checks.ttl(id);
    if (ttl === undefined) throw new Error(`CheckID ${quote(id)} does not have associated TTL`);
    const kept = ttl.setStatus(status, output);
    const expires = Math.floor((runtime.clock.wallTime() + ttl.ttlMs) / msPerSecond);
    await files?.putState({ checkId: id, output: kept, status, expires });
  }

  #refuseInvalid(type: CheckType, source: Source): void {
    const problem = checkTypeProblem(type);
    if (problem !== undefined) throw new Error(`Check is not valid: ${problem}`);
    const { runsLocalScripts, runsRemoteScripts } = this.parts.settings;
    if (isScript(type) && source === 'local' && !runsLocalScripts) throw new Error(noLocalScripts);
    if (isScript(type) && source === 'remote' && !runsRemoteScripts) throw new Error(noRemoteScripts);
    if (checkKindOf(type) === 'docker') throw new Error('Docker checks are not supported');
  }

  #asItWas(check: HealthCheck): HealthCheck {
    const before = this.parts.state.check(check.checkId);
    return before === undefined ? check : { ...check, status: before.status, output: before.output };
  }

  #startCheck({ checkId, serviceId }: HealthCheck, type: CheckType | null, token: string): void {
    if (type === null) return;
    const { checks, state } = this.parts;
    checks.start({ checkId, type, token });
    state.wakeService(serviceId);
    this.#critical.limit(checkId, type.deregisterCriticalServiceAfterNs / nsPerMs);
  }

  #stopCheck(id: string): void {
    const { checks, state } = this.parts;
    state.wakeService(state.check(id)?.serviceId ?? '');
    this.#critical.forget(id);
    checks.stop(id);
    state.removeCheck(id);
  }

  /** What cannot be kept is not registered. */
  async #keepService(
    service: NodeService,
    checks: readonly HealthCheck[],
    types: readonly CheckType[],
    { token, source }: Registrant,
    isNew: boolean,
  ): Promise<void> {
    const { files } = this.parts;
    try {
      for (const [at, check] of checks.entries()) {
        await files?.putCheck({ check, type: types[at] ?? null, token, source });
      }
      await files?.putService({ service, token, source });
    } catch (error) {
      if (isNew) await this.removeService(service.id);
      throw error;
    }
  }

  async #paused(change: () => Promise<void>): Promise<void> {
    const { pauses } = this.parts;
    pauses.pause();
    try {
      await change();
    } finally {
      pauses.resume();
    }
  }
}

const noLocalScripts =
  'Scripts are disabled on this agent; ' +
  "to enable, configure 'enable_script_checks' or 'enable_local_script_checks' to true";
const noRemoteScripts =
  "Scripts are disabled on this agent from remote calls; to enable, configure 'enable_script_checks' to true";
const nsPerMs = 1e6;
const msPerSecond = 1_000;
