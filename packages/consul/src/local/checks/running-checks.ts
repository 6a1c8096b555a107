// The checks of this agent that run: one of each id, started and stopped with its registration.
// Upstream: agent/agent.go (addCheck, cancelCheckMonitors). Next: periodic-check.ts, ttl-check.ts,
// alias-check.ts.

import type { Runtime } from '@reeve/runtime';
import { type CheckKind, type CheckType, checkKindOf } from '../../definitions/check-type.ts';
import { logFields } from '../../log/log-fields.ts';
import type { Caller } from '../../rpc/methods/index.ts';
import type { LocalState } from '../state/local-state.ts';
import { aliasOf, startAlias } from './alias-check.ts';
import { startPeriodic } from './periodic-check.ts';
import type { Probe, Probes } from './probe.ts';
import { Thresholds } from './thresholds.ts';
import { TtlCheck } from './ttl-check.ts';

/** What checks run in. */
export interface CheckWorld {
  readonly runtime: Pick<Runtime, 'timers' | 'random' | 'log'>;
  /** Where results go. */
  readonly state: LocalState;
  readonly caller: Caller;
  readonly datacenter: string;
  readonly probes: Probes;
  /** `check_output_max_size` */
  readonly outputBytesMax: number;
}

/** A check that is to run. */
export interface CheckStart {
  readonly checkId: string;
  readonly type: CheckType;
  readonly token: string;
}

/** Runs checks. Bounded by what is registered. */
export class RunningChecks {
  readonly #world: CheckWorld;
  readonly #stops = new Map<string, () => void>();
  readonly #ttls = new Map<string, TtlCheck>();

  constructor(world: CheckWorld) {
    this.#world = world;
  }

  /** Starts a check in place of the one with its id. Throws if there is no such kind. */
  start(check: CheckStart): void {
    const kind = checkKindOf(check.type);
    if (kind === 'docker') throw new Error('Docker checks are not supported');
    if (kind === '') throw new Error('Check type is not valid');
    this.stop(check.checkId);
    this.#stops.set(check.checkId, this.#run(kind, check));
  }

  /** Nothing more is heard of the check. */
  stop(checkId: string): void {
    this.#stops.get(checkId)?.();
    this.#stops.delete(checkId);
    this.#ttls.delete(checkId);
  }

  /** Stops all. */
  stopAll(): void {
    for (const checkId of [...this.#stops.keys()]) this.stop(checkId);
  }

  /** A check with a time to live, if it is one. */
  ttl(checkId: string): TtlCheck | undefined {
    return this.#ttls.get(checkId);
  }

  #run(kind: Exclude<CheckKind, '' | 'docker'>, check: CheckStart): () => void {
    const { probes } = this.#world;
    const outputBytesMax = this.#outputBytesMaxOf(check.type);
    switch (kind) {
      case 'ttl':
        return this.#runTtl(check, outputBytesMax);
      case 'alias':
        return this.#runAlias(check);
      case 'script':
        return this.#runPeriodic(check, probes.script(check.type, outputBytesMax));
      case 'http':
        return this.#runPeriodic(check, probes.http(check.type, outputBytesMax));
      case 'tcp':
        return this.#runPeriodic(check, probes.tcp(check.type));
      case 'grpc':
        return this.#runPeriodic(check, probes.grpc(check.type));
    }
  }

  #runTtl({ checkId, type }: CheckStart, outputBytesMax: number): () => void {
    const { runtime, state } = this.#world;
    const update = (status: string, output: string) => state.updateCheck(checkId, status, output);
    const ttl = new TtlCheck(runtime, checkId, type.ttlNs / nsPerMs, outputBytesMax, update);
    this.#ttls.set(checkId, ttl);
    return () => ttl.stop();
  }

  #runAlias({ checkId, type, token }: CheckStart): () => void {
    const { state } = this.#world;
    return startAlias(this.#world, aliasOf(checkId, type, token), ({ status, output }) =>
      state.updateCheck(checkId, status, output),
    );
  }

  #runPeriodic({ checkId, type }: CheckStart, probe: Probe): () => void {
    const { runtime, state } = this.#world;
    const { log } = runtime;
    const thresholds = new Thresholds(log, checkId, type.successBeforePassing, type.failuresBeforeCritical);
    const intervalMs = type.intervalNs / nsPerMs;
    if (intervalMs < intervalMsMin) {
      log('warn', `agent: check has interval below minimum: check=${checkId} minimum_interval=1s`);
    }
    return startPeriodic(runtime, Math.max(intervalMs, intervalMsMin), probe, (result) => {
      const { trouble } = result;
      if (trouble !== undefined) {
        log(trouble.level, `agent: ${trouble.text}${logFields({ check: checkId, ...trouble.fields })}`);
      }
      if (thresholds.lets(result)) state.updateCheck(checkId, result.status, result.output);
    });
  }

  #outputBytesMaxOf({ outputMaxSize }: CheckType): number {
    const ours = this.#world.outputBytesMax || usualBytesMax;
    return outputMaxSize > 0 ? Math.min(ours, outputMaxSize) : ours;
  }
}

/** Less would be a burden to the machine. */
const intervalMsMin = 1_000;
const usualBytesMax = 4_096;
const nsPerMs = 1e6;
