// A lock on a key: one holder at a time, as long as its session lives.
// Upstream: api/lock.go, https://www.consul.io/docs/guides/leader-election. Next: semaphore.ts.

import { setTimeout as pause } from 'node:timers/promises';
import type { Query } from './go-url.ts';
import { deleteKey, getKey, type KeyValue, putKey } from './key-values.ts';
import type { LockSession } from './lock-session.ts';
import {
  createSession,
  type Lockable,
  type LockOptions,
  waitUntilHeld,
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
    const { id } = this.#session;
    if (!(await waitUntilHeld(this.#options, stop, (query) => this.#attempt(query, id, stop))))
      return undefined;
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

  async #attempt(query: Query, session: string, stop: AbortSignal): Promise<true | bigint> {
    const { client } = this.#options;
    const reading = getKey(client, this.#key, { query, signal: stop });
    const { found, index } = await withReason('failed to read lock', reading);
    if (found !== undefined) refuseOtherUse(found);
    if (found?.session === session) return true;
    if (found !== undefined && found.session !== '') return index;
    if (await this.#tryToAcquire(session)) return true;
    const now = await getKey(client, this.#key, { query: { wait: query.wait }, signal: stop });
    if (now.found !== undefined && now.found.session !== '') return now.index;
    await pause(retryMs, undefined, { signal: stop }); // somebody's lock-delay
    return 0n;
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
