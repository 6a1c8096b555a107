// Services go by themselves when a check of theirs has been critical for too long
// (`deregister_critical_service_after`). Upstream: agent/agent.go (reapServices, addCheck).

import { quote } from '@reeve/cli';
import type { Runtime, Timer } from '@reeve/runtime';
import type { LocalState } from '../state/local-state.ts';

/** What of the configuration concerns them. */
export interface CriticalServiceSettings {
  /** `check_deregister_interval_min` */
  readonly deregisterMsMin: number;
  /** `check_reap_interval` */
  readonly reapIntervalMs: number;
}

/** What is looked at. */
export interface CriticalServiceParts {
  readonly runtime: Pick<Runtime, 'timers' | 'log'>;
  readonly settings: CriticalServiceSettings;
  readonly state: LocalState;
}

/** Looks from time to time for services that are to go. */
export class CriticalServices {
  readonly #parts: CriticalServiceParts;
  readonly #remove: (serviceId: string) => Promise<void>;
  /** How long a check may be critical, by its id; as many as checks. */
  readonly #limitsMs = new Map<string, number>();
  #timer: Timer | undefined;

  constructor(parts: CriticalServiceParts, remove: (serviceId: string) => Promise<void>) {
    this.#parts = parts;
    this.#remove = remove;
  }

  /** Looks from now on. */
  start(): void {
    const { runtime, settings } = this.#parts;
    this.#timer = runtime.timers.after(settings.reapIntervalMs, () => {
      this.start();
      void this.#reap();
    });
  }

  /** Looks no more. */
  stop(): void {
    this.#timer?.cancel();
  }

  /** A check may be critical for so long; 0: for ever. Shorter than the least counts as that. */
  limit(checkId: string, limitMs: number): void {
    const { settings, runtime } = this.#parts;
    if (limitMs <= 0) return this.forget(checkId);
    if (limitMs < settings.deregisterMsMin) {
      const text = 'agent: check has deregister interval below minimum';
      runtime.log('warn', `${text}: check=${checkId} minimum_interval=1m0s`);
    }
    this.#limitsMs.set(checkId, Math.max(limitMs, settings.deregisterMsMin));
  }

  /** There is no such check any more, or it may be critical for ever. */
  forget(checkId: string): void {
    this.#limitsMs.delete(checkId);
  }

  async #reap(): Promise<void> {
    const reaped = new Set<string>();
    for (const { check, forMs } of this.#parts.state.criticalChecks()) {
      const { checkId, serviceId } = check;
      const isDue = forMs > (this.#limitsMs.get(checkId) ?? Number.POSITIVE_INFINITY);
      if (serviceId === '' || reaped.has(serviceId) || !isDue) continue;
      reaped.add(serviceId);
      await this.#removeFor(serviceId, checkId);
    }
  }

  async #removeFor(serviceId: string, checkId: string): Promise<void> {
    const { log } = this.#parts.runtime;
    const fields = `service=${serviceId} check=${checkId}`;
    try {
      await this.#remove(serviceId);
      log('info', `agent: Check for service has been critical for too long; deregistered service: ${fields}`);
    } catch (error) {
      const text = 'agent: unable to deregister service after check has been critical for too long';
      log('err', `${text}: ${fields} error=${quote((error as Error).message)}`);
    }
  }
}
