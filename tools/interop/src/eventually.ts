// Waiting for a condition. Nothing in these tests sleeps for a fixed time: what should happen is tried again
// until it holds, and what still does not hold at the deadline fails with the reason of the last try.

import { setTimeout as delay } from 'node:timers/promises';

/**
 * Calls `check` until it does not throw and returns its result; after `withinMs` fails with what it threw
 * last.
 */
export async function eventually<T>(
  what: string,
  check: () => T | Promise<T>,
  withinMs = patienceMs,
): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadlineMs) throw new NotInTime(what, withinMs, error);
    }
    await delay(pollMs);
  }
}

/** Calls `check` every few seconds for this long; the first time it throws, this fails. */
export async function holds(what: string, forMs: number, check: () => void | Promise<void>): Promise<void> {
  const startMs = performance.now();
  for (let pastMs = 0; pastMs < forMs; pastMs = performance.now() - startMs) {
    try {
      await check();
    } catch (error) {
      throw new Error(`after ${Math.round(pastMs / 1000)} s no longer: ${what}`, { cause: error });
    }
    await delay(lookMs);
  }
}

/** A condition did not come true before its deadline. */
export class NotInTime extends Error {
  override name = 'NotInTime';

  constructor(what: string, withinMs: number, lastError: unknown) {
    const reason = lastError instanceof Error ? lastError.message : String(lastError);
    super(`not within ${withinMs / 1000} s: ${what}\n${reason}`, { cause: lastError });
  }
}

/**
 * Gossip promises to reach nobody in particular: of six nodes one is now and then passed over by a message,
 * and hears of it in its next push/pull, up to 30 s later, or 60 s if it has just started. This covers both,
 * on a busy machine.
 */
const patienceMs = 75_000;

/** Often each check starts a program; this leaves the machine time for the agents. */
const pollMs = 200;

/** A failure stays in the agents' logs, so nothing is missed in between. */
const lookMs = 5_000;
