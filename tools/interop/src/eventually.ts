/**
 * Waiting for a condition. Nothing in these tests sleeps for a fixed time: what should happen is tried again until it
 * holds, and what still does not hold at the deadline fails with the reason of the last try.
 */
import { setTimeout as delay } from 'node:timers/promises';

/** Calls `check` until it does not throw and returns its result; after `withinMs` fails with what it threw last. */
export async function eventually<T>(
  what: string,
  check: () => T | Promise<T>,
  withinMs = PATIENCE_MS,
): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadlineMs) throw new NotInTime(what, withinMs, error);
    }
    await delay(POLL_MS);
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

/** Covers a suspicion on a small cluster (4 s, on a busy machine probes come late) several times over. */
const PATIENCE_MS = 30_000;

/** Often each check starts a program; this leaves the machine time for the agents. */
const POLL_MS = 200;
