// Waiting that ends early when it has become pointless.

import { type EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Settles after this time, or when `signal` aborts. Does not keep the process alive. */
export async function pause(timeMs: number, signal?: AbortSignal): Promise<void> {
  await sleep(timeMs, undefined, { ref: false, ...(signal && { signal }) }).catch(() => {});
}

/** Settles with the next event of that name, or when `signal` aborts. */
export async function untilEmitted(emitter: EventEmitter, name: string, signal: AbortSignal): Promise<void> {
  await once(emitter, name, { signal }).catch(() => {});
}
