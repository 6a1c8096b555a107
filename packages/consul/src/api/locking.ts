// What a lock and a place in a semaphore have in common: a session that holds them, waiting for them, and
// noticing that they are lost. Upstream: api/lock.go, api/semaphore.go. Next: lock.ts, semaphore.ts.

import { setTimeout as pause } from 'node:timers/promises';
import { type ConsulClient, isRetryable } from './client.ts';
import type { Query } from './go-url.ts';
import { indexArgument } from './key-values.ts';
import { LockSession } from './lock-session.ts';

/** How to lock. */
export interface LockOptions {
  readonly client: ConsulClient;
  readonly sessionName: string;
  /** Give up after so long; without it, never. */
  readonly timeoutMs?: number | undefined;
  /** So many failed questions in a row do not mean yet that the lock is lost. */
  readonly monitorRetries: number;
}

/** What can be locked: a lock, or a place in a semaphore. */
export interface Lockable {
  /**
   * Waits for the lock. The result is aborted when the lock is lost; undefined if `stop` was, or if it took
   * too long. @throws Error with a reason for people
   */
  acquire(stop: AbortSignal): Promise<AbortSignal | undefined>;
  /** Gives it up. */
  release(): Promise<void>;
  /** Removes what it left in the store; false if somebody else needs it. */
  cleanUp(): Promise<boolean>;
  /** Ends the session and all that is still asked. */
  end(): Promise<void>;
}

/** A session, or the reason why there is none. */
export function createSession(
  client: ConsulClient,
  request: Parameters<typeof LockSession.create>[1],
): Promise<LockSession> {
  return withReason('failed to create session', LockSession.create(client, request));
}

/**
 * Aborted when the lock is not held any more. `isHeld` returns the index to wait for while it is. Ends with
 * `ended`.
 */
export function watchLoss(
  { monitorRetries }: LockOptions,
  ended: AbortSignal,
  isHeld: (query: Query, signal: AbortSignal) => Promise<bigint | undefined>,
): AbortSignal {
  const lost = new AbortController();
  const watch = async (): Promise<void> => {
    let index: bigint | undefined = 0n;
    let retries = monitorRetries;
    while (index !== undefined) {
      try {
        index = await isHeld({ consistent: '', index: indexArgument(index) }, ended);
        retries = monitorRetries;
      } catch (error) {
        if (ended.aborted || retries === 0 || !isRetryable(error)) return;
        retries -= 1;
        index = 0n;
        await pause(monitorRetryMs, undefined, { signal: ended });
      }
    }
  };
  void watch()
    .catch(() => {}) // the pause was interrupted
    .finally(() => lost.abort());
  return lost.signal;
}

/**
 * Tries until it is held; false if `stop` was aborted, or if it took too long. `attempt` asks with `query`
 * and returns true when it is held, or the index whose change it is to wait for next time.
 */
export async function waitUntilHeld(
  { timeoutMs }: LockOptions,
  stop: AbortSignal,
  attempt: (query: Query, index: bigint) => Promise<true | bigint>,
): Promise<boolean> {
  const startMs = performance.now();
  let isFirst = true;
  let index = 0n;
  try {
    while (!stop.aborted) {
      // Each question waits equally long, or what is left of the timeout.
      const leftMs =
        timeoutMs === undefined ? waitMs : timeoutMs - (isFirst ? 0 : performance.now() - startMs);
      if (leftMs < 0) return false;
      isFirst = false;
      const wait = `${Math.max(Math.floor(leftMs), 1)}ms`;
      const outcome = await attempt({ index: indexArgument(index), wait }, index);
      if (outcome === true) return true;
      index = outcome;
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  }
  return false;
}

/** What `work` resolves with; its error has `what` in front. */
export async function withReason<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}

const waitMs = 15_000;
const monitorRetryMs = 1000;
