// How long until servers do what they are asked for. A request may be held, or tried again by a server, for
// seconds; so a new one leaves every few milliseconds, and the first that succeeds counts.

import { setTimeout as delay } from 'node:timers/promises';

/** When the first of these requests succeeded. Each gets a limit of time. */
export async function untilAnswered(
  what: string,
  requests: readonly ((limitMs: number) => Promise<unknown>)[],
): Promise<number> {
  const endMs = performance.now() + patienceMs;
  let answeredMs: number | undefined;
  const onSuccess = (): void => {
    answeredMs ??= performance.now();
  };
  while (answeredMs === undefined) {
    if (performance.now() > endMs) throw new Error(`not within ${patienceMs / 1_000} s: ${what}`);
    for (const request of requests) request(limitMs).then(onSuccess, () => {});
    await delay(everyMs);
  }
  return answeredMs;
}

const everyMs = 20;
/** At most a hundred are under way at each server. */
const limitMs = 2_000;
const patienceMs = 120_000;
