// A semaphore on a prefix: so many holders at a time. Each contender has a key of its own there, which goes
// with its session; `.lock` says who of them holds a place. Upstream: api/semaphore.go.

import { posix } from 'node:path';
import { compactJson } from '@reeve/cli';
import { decodeJson, int, map, struct, truth } from '../json/decode.ts';
import type { Query } from './go-url.ts';
import { deleteKey, getKey, type KeyValue, listKeyValues, putKey } from './key-values.ts';
import type { LockSession } from './lock-session.ts';
import {
  createSession,
  type Lockable,
  type LockOptions,
  waitUntilHeld,
  watchLoss,
  withReason,
} from './locking.ts';

/** One of `limit` places below `prefix`. */
export class Semaphore implements Lockable {
  readonly #prefix: string;
  readonly #limit: number;
  readonly #options: LockOptions;
  readonly #ended = new AbortController();
  #session: LockSession | undefined;

  constructor(prefix: string, limit: number, options: LockOptions) {
    this.#prefix = prefix;
    this.#limit = limit;
    this.#options = options;
  }

  async acquire(stop: AbortSignal): Promise<AbortSignal | undefined> {
    const { client, sessionName } = this.#options;
    this.#session = await createSession(client, { behavior: 'delete', name: sessionName });
    const { id } = this.#session;
    const contender = putKey(client, this.#contenderKey(id), '', { acquire: id, flags: semaphoreFlags });
    const isMade = await withReason('failed to make contender entry', contender);
    if (!isMade) throw new Error('failed to make contender entry: <nil>');
    const attempt = (query: Query, index: bigint) => this.#attempt(query, index, id, stop);
    if (!(await waitUntilHeld(this.#options, stop, attempt))) return undefined;
    return watchLoss(this.#options, this.#ended.signal, (query, signal) => this.#isHeld(query, signal));
  }

  async release(): Promise<void> {
    const { client } = this.#options;
    const id = this.#session?.id ?? '';
    for (let isGone = false; !isGone; ) {
      const { found } = await getKey(client, this.#lockKey);
      const state = this.#decode(found);
      if (!state.holders.has(id)) break;
      isGone = await this.#write(without(state, id), found?.modifyIndex ?? 0);
    }
    await deleteKey(client, this.#contenderKey(id));
  }

  async cleanUp(): Promise<boolean> {
    const { client } = this.#options;
    const { found } = await withReason('failed to read prefix', listKeyValues(client, this.#prefix));
    const lock = this.#findLock(found);
    if (lock === undefined) return true;
    refuseOtherUse(lock);
    if (this.#livingHolders(lock, found).holders.size > 0) return false;
    const removed = deleteKey(client, this.#lockKey, { cas: String(lock.modifyIndex) });
    return withReason('failed to remove semaphore', removed);
  }

  async end(): Promise<void> {
    this.#ended.abort();
    await this.#session?.end();
  }

  async #attempt(query: Query, index: bigint, id: string, stop: AbortSignal): Promise<true | bigint> {
    const listed = listKeyValues(this.#options.client, this.#prefix, { query, signal: stop });
    const { found, index: seen } = await withReason('failed to read prefix', listed);
    const lock = this.#findLock(found);
    if (lock !== undefined) refuseOtherUse(lock);
    const state = this.#livingHolders(lock, found);
    if (state.limit !== this.#limit) throw new Error(limitConflict(state.limit, this.#limit));
    if (state.holders.size >= state.limit) return seen;
    return (await this.#write(withHolder(state, id), lock?.modifyIndex ?? 0)) || index;
  }

  async #isHeld(query: Query, signal: AbortSignal): Promise<bigint | undefined> {
    const { found, index } = await listKeyValues(this.#options.client, this.#prefix, { query, signal });
    const { holders } = this.#livingHolders(this.#findLock(found), found);
    return holders.has(this.#session?.id ?? '') ? index : undefined;
  }

  #write(state: SemaphoreState, modifyIndex: number): Promise<boolean> {
    const holders = new Map([...state.holders].map((id) => [id, true] as const));
    const body = compactJson({ Limit: state.limit, Holders: holders });
    const query = { cas: String(modifyIndex), flags: semaphoreFlags };
    return withReason('failed to update lock', putKey(this.#options.client, this.#lockKey, body, query));
  }

  #findLock(found: readonly KeyValue[] | null): KeyValue | undefined {
    return found?.find(({ key }) => key === this.#lockKey);
  }

  /** Who holds a place, without those whose contender's key is gone. */
  #livingHolders(lock: KeyValue | undefined, found: readonly KeyValue[] | null): SemaphoreState {
    const alive = new Set(found?.map(({ session }) => session).filter((session) => session !== ''));
    const { limit, holders } = this.#decode(lock);
    return { limit, holders: new Set([...holders].filter((id) => alive.has(id))) };
  }

  #decode(lock: KeyValue | undefined): SemaphoreState {
    if (lock?.value == null) return { limit: this.#limit, holders: new Set() };
    try {
      const { limit, holders } = decodeJson(lock.value, stateJson);
      return { limit, holders: new Set(holders?.keys()) };
    } catch (error) {
      throw new Error(`lock decoding failed: ${(error as Error).message}`, { cause: error });
    }
  }

  get #lockKey(): string {
    return posix.join(this.#prefix, '.lock');
  }

  #contenderKey(id: string): string {
    return posix.join(this.#prefix, id);
  }
}

/** What `.lock` says. */
interface SemaphoreState {
  readonly limit: number;
  readonly holders: ReadonlySet<string>;
}

function withHolder({ limit, holders }: SemaphoreState, id: string): SemaphoreState {
  return { limit, holders: new Set([...holders, id]) };
}

function without({ limit, holders }: SemaphoreState, id: string): SemaphoreState {
  return { limit, holders: new Set([...holders].filter((other) => other !== id)) };
}

function refuseOtherUse({ flags }: KeyValue): void {
  if (String(flags) !== semaphoreFlags) throw new Error('Existing key does not match semaphore use');
}

function limitConflict(theirs: number, ours: number): string {
  return `semaphore limit conflict (lock: ${theirs}, local: ${ours})`;
}

const stateJson = struct<{
  readonly limit: number;
  readonly holders: ReadonlyMap<string, boolean> | null;
}>('semaphoreLock', { limit: ['Limit', int], holders: ['Holders', map(truth, 'bool')] });

/** Marks the keys of a semaphore: 0xe0f69a2baa414de0. */
const semaphoreFlags = '16210313421097356768';
