// Whether this process keeps up. All members share one event loop and one queue of deadlines: while those are
// late, pings are sent late and gossip is skipped, and whoever adds to it makes it worse.

import type { Runtime } from '@reeve/runtime';

/** A moment, or longer when deadlines are late. */
export function pause({ timers }: Pick<Runtime, 'timers'>): Promise<void> {
  return new Promise((resolve) => {
    timers.after(pauseMs, resolve);
  });
}

/** Resolves when deadlines are on time; on a machine where they never are, after a while all the same. */
export async function untilCalm(runtime: Pick<Runtime, 'timers' | 'clock'>): Promise<void> {
  const { clock } = runtime;
  const patienceEndsAtMs = clock.now() + patienceMs;
  for (let nowMs = clock.now(); nowMs < patienceEndsAtMs; ) {
    await pause(runtime);
    const lateMs = clock.now() - nowMs - pauseMs;
    if (lateMs < lateMsMax) return;
    nowMs = clock.now();
  }
}

const pauseMs = 20;
/** A fifth of the time after which a ping in a LAN is taken for lost. */
const lateMsMax = 100;
const patienceMs = 2_000;
