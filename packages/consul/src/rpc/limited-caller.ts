// Calls, as many as an agent may make: `limits.rpc_rate` a second, and `limits.rpc_max_burst` at once. A
// further one fails before it is made, which HTTP answers with 429.
// Upstream: agent/consul/client.go, server.go (RPC), golang.org/x/time/rate (Allow).

import type { Runtime } from '@reeve/runtime';
import type { CallSignal } from '../waiting/call-signal.ts';
import type { Soon } from '../waiting/soon.ts';
import { rateLimitExceeded } from './known-errors.ts';
import type { Caller, Method } from './methods/index.ts';
import type { ServeSnapshot } from './snapshot/index.ts';

/** How many calls. */
export interface CallRate {
  /** A second; 0 or less: any number. */
  readonly rate: number;
  readonly burstMax: number;
}

/** A bucket of calls that may be made: it fills by itself, and each call takes one. */
export class CallLimit {
  readonly #clock: Runtime['clock'];
  #rate: CallRate;
  #left: number;
  #atMs: number;

  constructor(clock: Runtime['clock'], rate: CallRate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#left = rate.burstMax;
    this.#atMs = clock.now();
  }

  /** From now on this holds, and the bucket is full. */
  configure(rate: CallRate): void {
    this.#rate = rate;
    this.#left = rate.burstMax;
  }

  /** @throws Error in the original's words if there is none left */
  take(): void {
    const { rate, burstMax } = this.#rate;
    if (rate <= 0) return;
    const nowMs = this.#clock.now();
    this.#left = Math.min(burstMax, this.#left + ((nowMs - this.#atMs) * rate) / msPerSecond);
    this.#atMs = nowMs;
    if (this.#left < 1) throw new Error(rateLimitExceeded);
    this.#left -= 1;
  }
}

/** Makes calls as long as it may. */
export class LimitedCaller implements Caller {
  readonly #caller: Caller;
  readonly #limit: CallLimit;

  constructor(caller: Caller, limit: CallLimit) {
    this.#caller = caller;
    this.#limit = limit;
  }

  call<Request, Reply>(method: Method<Request, Reply>, request: Request, signal?: CallSignal): Soon<Reply> {
    this.#limit.take();
    return this.#caller.call(method, request, signal);
  }
}

/** The same of snapshots. */
export function limitedSnapshot(serve: ServeSnapshot, limit: CallLimit): ServeSnapshot {
  return async (...call) => {
    limit.take();
    return serve(...call);
  };
}

const msPerSecond = 1_000;
