// A lock on a key: one holder at a time, as long as its session lives.
// Upstream: api/lock.go, https://www.consul.io/docs/guides/leader-election. Next: semaphore.ts.

import { setTimeout as pause } from 'node:timers/promises';
import { type ConsulClient, isRetryable } from './client.ts';
import type { Query } from './go-url.ts';
import { deleteKey, getKey, type KeyValue, putKey } from './key-values.ts';
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

/** A lock on `key`. */
export class Lock implements Lockable {
  readonly #key: string;
  readonly #options: LockOptions;
  readonly #ended = new AbortController();
  #session: LockSession | undefined;

  constructor(key: string, options: LockOptions) {
    this.#key = key;
    this.#options = options;
  }

  async acquire(stop: AbortSignal): Promise<AbortSignal | undefined> {
    const { client, sessionName } = this.#options;
    this.#session = await createSession(client, { name: sessionName });
    const isAcquired = await unlessStopped(stop, this.#waitForLock(this.#session.id, stop));
    if (!isAcquired) return undefined;
    return watchLoss(this.#options, this.#ended.signal, (query, signal) => this.#isHeld(query, signal));
  }

  async release(): Promise<void> {
    const query = { flags: lockFlags, release: this.#session?.id ?? '' };
    await withReason('failed to release lock', putKey(this.#options.client, this.#key, '', query));
  }

  async cleanUp(): Promise<boolean> {
    const { client } = this.#options;
    const { found } = await withReason('failed to read lock', getKey(client, this.#key));
    if (found === undefined) return true;
    refuseOtherUse(found);
    if (found.session !== '') return false;
    const query = { cas: String(found.modifyIndex) };
    return withReason('failed to remove lock', deleteKey(client, this.#key, query));
  }

  async end(): Promise<void> {
    this.#ended.abort();
    await this.#session?.end();
  }

  async #waitForLock(session: string, stop: AbortSignal): Promise<boolean> {
    const { client } = this.#options;
    const waits = waitTimes(this.#options.timeoutMs);
    let index = 0n;
    while (!stop.aborted) {
      const wait = waits();
      if (wait === undefined) return false;
      const reading = { query: { index: indexArgument(index), wait }, signal: stop };
      const { found, index: seen } = await withReason(
        'failed to read lock',
        getKey(client, this.#key, reading),
      );
      if (found !== undefined) refuseOtherUse(found);
      if (found?.session === session) return true;
      index = found !== undefined && found.session !== '' ? seen : 0n;
      if (index !== 0n) continue;
      if (await this.#tryToAcquire(session)) return true;
      const { found: holder, index: now } = await getKey(client, this.#key, {
        query: { wait },
        signal: stop,
      });
      if (holder !== undefined && holder.session !== '') index = now;
      else await pause(retryMs, undefined, { signal: stop }); // somebody's lock-delay
    }
    return false;
  }

  #tryToAcquire(session: string): Promise<boolean> {
    const query = { flags: lockFlags, acquire: session };
    return withReason('failed to acquire lock', putKey(this.#options.client, this.#key, '', query));
  }

  async #isHeld(query: Query, signal: AbortSignal): Promise<bigint | undefined> {
    const { found, index } = await getKey(this.#options.client, this.#key, { query, signal });
    return found?.session === this.#session?.id ? index : undefined;
  }
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

/** How long each question may wait: always the same, or what is left of a timeout. */
export function waitTimes(timeoutMs: number | undefined): () => string | undefined {
  const start = Date.now();
  let isFirst = true;
  return () => {
    const left = timeoutMs === undefined ? waitMs : timeoutMs - (isFirst ? 0 : Date.now() - start);
    isFirst = false;
    return left < 0 ? undefined : `${Math.max(Math.floor(left), 1)}ms`;
  };
}

/** What `work` resolves with, or undefined if it was stopped. */
export async function unlessStopped<T>(stop: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (stop.aborted) return undefined;
    throw error;
  }
}

/** The argument to wait for what comes after an index, if there is one. */
export function indexArgument(index: bigint): string | undefined {
  return index === 0n ? undefined : String(index);
}

/** What `work` resolves with; its error has `what` in front. */
export async function withReason<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}

function refuseOtherUse({ flags }: KeyValue): void {
  if (String(flags) !== lockFlags) throw new Error('Existing key does not match lock use');
}

/** Marks a key as a lock: 0x2ddccbc058a50c18. */
const lockFlags = '3304740253564472344';
const waitMs = 15_000;
const retryMs = 5000;
const monitorRetryMs = 1000;
