// Waiting, for code with promises, on the runtime's clock.

import type { Runtime, Timer } from '@reeve/runtime';
import type { CallSignal } from './call-signal.ts';

/** Resolves after `delayMs`, or as soon as the signal aborts. */
export function pause(
  { timers }: Pick<Runtime, 'timers'>,
  delayMs: number,
  signal?: CallSignal,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const timer: Timer = timers.after(delayMs, done);
    signal?.addEventListener('abort', done, { once: true });
    function done(): void {
      timer.cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}
