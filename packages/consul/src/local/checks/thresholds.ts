// How many tries in a row it takes to change a status. Warnings count as successes. Both counters begin full,
// so the first result counts at once. Upstream: agent/checks/check.go (StatusHandler).

import type { Log } from '@reeve/runtime';
import type { CheckResult } from './probe.ts';

/** Counts the tries of one check. */
export class Thresholds {
  readonly #log: Log;
  readonly #checkId: string;
  readonly #successBeforePassing: number;
  readonly #failuresBeforeCritical: number;
  #successes: number;
  #failures: number;

  constructor(log: Log, checkId: string, successBeforePassing: number, failuresBeforeCritical: number) {
    this.#log = log;
    this.#checkId = checkId;
    this.#successBeforePassing = successBeforePassing;
    this.#failuresBeforeCritical = failuresBeforeCritical;
    this.#successes = successBeforePassing;
    this.#failures = failuresBeforeCritical;
  }

  /** Whether a result is to become the check's status; until then the old one stays. */
  lets(result: CheckResult): boolean {
    if (result.isOutright) return true;
    return result.status === 'critical' ? this.#letsFailure() : this.#letsSuccess(result.status);
  }

  #letsSuccess(status: string): boolean {
    this.#successes++;
    this.#failures = 0;
    if (this.#successes >= this.#successBeforePassing) {
      this.#log('debug', `agent: Check status updated: check=${this.#checkId} status=${status}`);
      return true;
    }
    const counts = `success_count=${this.#successes} success_threshold=${this.#successBeforePassing}`;
    const text = 'agent: Check passed but has not reached success threshold';
    this.#log('warn', `${text}: check=${this.#checkId} status=${status} ${counts}`);
    return false;
  }

  #letsFailure(): boolean {
    this.#failures++;
    this.#successes = 0;
    if (this.#failures >= this.#failuresBeforeCritical) {
      this.#log('warn', `agent: Check is now critical: check=${this.#checkId}`);
      return true;
    }
    const counts = `failure_count=${this.#failures} failure_threshold=${this.#failuresBeforeCritical}`;
    const text = 'agent: Check failed but has not reached failure threshold';
    this.#log('warn', `${text}: check=${this.#checkId} status=critical ${counts}`);
    return false;
  }
}
