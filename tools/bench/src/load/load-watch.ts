// The time of a load that counts: answers, how long they took, and processor time of the servers. It begins
// and ends with an answer, so that it needs no timers beside a busy load.

import { cpuMsOf } from '../process-usage.ts';
import { quantile } from '../statistics.ts';
import type { LoadJob, LoadYield } from './job.ts';

/** Watches one load. */
export class LoadWatch {
  readonly #pids: readonly number[];
  readonly #requestsMax: number;
  readonly #fromMs: number;
  readonly #lengthMs: number;
  readonly #tookMs: number[] = [];
  #start: { readonly atMs: number; readonly cpuMs: number } | undefined;
  #end: { readonly atMs: number; readonly cpuMs: number } | undefined;
  #errors = 0;
  #firstError = '';

  constructor({ pids, requests, warmUpMs, watchMs }: LoadJob) {
    this.#pids = pids;
    this.#requestsMax = watchMs === 'each-once' ? requests.length : Number.POSITIVE_INFINITY;
    this.#fromMs = performance.now() + warmUpMs;
    this.#lengthMs = watchMs === 'each-once' ? Number.POSITIVE_INFINITY : watchMs;
    if (warmUpMs === 0) this.#start = this.#now(this.#fromMs);
  }

  /** An answer has come to a request that left at `sentMs`; whether the load goes on. */
  onAnswer(sentMs: number, nowMs: number): boolean {
    if (nowMs < this.#fromMs) return true;
    if (this.#start === undefined) {
      this.#start = this.#now(nowMs);
      return true;
    }
    this.#tookMs.push(nowMs - sentMs);
    if (nowMs < this.#start.atMs + this.#lengthMs && this.#someAreLeft) return true;
    this.#end = this.#now(nowMs);
    return false;
  }

  /** Something went wrong; whether the load goes on. */
  onError(text: string): boolean {
    this.#firstError ||= text;
    this.#errors += 1;
    return this.#errors < errorsMax && this.#someAreLeft;
  }

  /** When it is over. */
  get result(): LoadYield {
    const start = this.#start ?? this.#now(performance.now());
    const end = this.#end ?? this.#now(performance.now());
    const answers = this.#tookMs.length;
    return {
      answers,
      answersPerSecond: (1_000 * answers) / (end.atMs - start.atMs),
      p50Ms: answers === 0 ? Number.NaN : quantile(this.#tookMs, 0.5),
      p99Ms: answers === 0 ? Number.NaN : quantile(this.#tookMs, 0.99),
      cpuMsPer1000: (1_000 * (end.cpuMs - start.cpuMs)) / answers,
      errors: this.#errors,
      firstError: this.#firstError,
    };
  }

  get #someAreLeft(): boolean {
    return this.#tookMs.length + this.#errors < this.#requestsMax;
  }

  #now(atMs: number): { readonly atMs: number; readonly cpuMs: number } {
    return { atMs, cpuMs: this.#pids.reduce((sum, pid) => sum + cpuMsOf({ pid }), 0) };
  }
}

/** A load that goes wrong all the time need not run to its end. */
const errorsMax = 100;
