// A lock on a key: one holder at a time, as long as its session lives.
// Upstream: api/lock.go, https://www.consul.io/docs/guides/leader-election. Next: semaphore.ts.

import { setTimeout as pause } from 'node:timers/promises';
import type { Query } from './go-url.ts';
import { deleteKey, getKey, indexArgument, type KeyValue, putKey } from './key-values.ts';
import type { LockSession } from './lock-session.ts';
import {
  createSession,
  type Lockable,
  type LockOptions,
  unlessStopped,
  waitTimes,
  watchLoss,
  withReason,
} from './locking.ts';

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

function refuseOtherUse({ flags }: KeyValue): void {
  if (String(flags) !== lockFlags) throw new Error('Existing key does not match lock use');
}

/** Marks a key as a lock: 0x2ddccbc058a50c18. */
const lockFlags = '3304740253564472344';
const retryMs = 5000;
