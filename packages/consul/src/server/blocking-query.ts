// Answers a question, at once or when the answer changes. Upstream: agent/consul/rpc.go (blockingQuery,
// setQueryMeta, consistentRead).

import { type Indexed, type Tables, Watch } from '../core/index.ts';
import type { QueryMeta, QueryOptions } from '../rpc/methods/index.ts';
import type { CallSignal } from '../waiting/call-signal.ts';
import { Later } from '../waiting/later.ts';
import { pause } from '../waiting/pause.ts';
import type { Soon } from '../waiting/soon.ts';
import type { ServerContext } from './server-context.ts';
import { staggerMs } from './stagger.ts';

/** Reads the state, and notes in the watch what it has read. May throw what the client is told. */
export type Read<Value> = (tables: Tables, watch: Watch | null) => Indexed<Value>;

/** A value with what it is worth. */
export interface Answered<Value> {
  readonly value: Value;
  readonly meta: QueryMeta;
}

/**
 * Answers a question. One that names an index waits until the answer's index is higher; if nothing changes in
 * its time it is answered with what was found first, and so it is if nobody waits any more.
 */
export function blockingQuery<Value>(
  server: ServerContext,
  options: QueryOptions,
  read: Read<Value>,
  signal?: CallSignal,
): Soon<Answered<Value>> {
  const now =
    options.minQueryIndex > 0
      ? () => new WaitingQuery(server, options, read, signal).answer
      : () => answered(server, read(server.store.tables, null));
  return options.requireConsistent ? consistentRead(server).then(now) : now();
}

/** A question that waits for news. */
class WaitingQuery<Value> {
  readonly answer = new Later<Answered<Value>>();
  readonly #server: ServerContext;
  readonly #options: QueryOptions;
  readonly #read: Read<Value>;
  readonly #signal: CallSignal | undefined;
  readonly #endsAtMs: number;

  constructor(
    server: ServerContext,
    options: QueryOptions,
    read: Read<Value>,
    signal: CallSignal | undefined,
  ) {
    this.#server = server;
    this.#options = options;
    this.#read = read;
    this.#signal = signal;
    this.#endsAtMs = server.runtime.clock.now() + waitMs(server, options);
    this.#take(() => this.#look());
  }

  /** What a step finds, or throws, is the answer; undefined: it waits. */
  #take(step: () => Answered<Value> | undefined): void {
    let value: Answered<Value> | undefined;
    try {
      value = step();
    } catch (error) {
      return this.answer.settle({ ok: false, error: error as Error });
    }
    if (value !== undefined) this.answer.settle({ ok: true, value });
  }

  /** What there is if that is news, or if no time is left; otherwise waits for a change of it. */
  #look(): Answered<Value> | undefined {
    const { store, runtime } = this.#server;
    const { tables } = store;
    const watch = new Watch();
    const found = answered(this.#server, this.#read(tables, watch));
    const leftMs = this.#endsAtMs - runtime.clock.now();
    if (this.#isNews(found) || leftMs <= 0 || this.#signal?.aborted === true) return found;
    awaitChange(this.#server, watch, leftMs, this.#signal, (change) => {
      // Another state altogether, that of a snapshot: the client is to look for itself.
      if (change === undefined || store.tables !== tables) this.#take(() => found);
      else this.#onChange(change);
    });
    return undefined;
  }

  #onChange(change: object): void {
    const look = () => this.#take(() => this.#lookAgain());
    const onWoken = () => (this.#signal?.woken === undefined ? look() : this.#signal.woken(change, look));
    if (!this.#options.requireConsistent) return onWoken();
    consistentRead(this.#server).then(onWoken, (error: Error) => this.answer.settle({ ok: false, error }));
  }

  /** Who is woken is told, as a rule: of thousands few have to know once more what they wait for. */
  #lookAgain(): Answered<Value> | undefined {
    const found = answered(this.#server, this.#read(this.#server.store.tables, null));
    return this.#isNews(found) ? found : this.#look();
  }

  #isNews({ meta }: Answered<Value>): boolean {
    return meta.index > this.#options.minQueryIndex;
  }
}

/** What an answer of this server is worth now. */
export function metaOf({ consensus }: ServerContext, index: number): QueryMeta {
  return {
    index: Math.max(index, 1), // with 0 a client would not wait
    lastContactNs: consensus.isLeader ? 0 : Math.trunc((consensus.lastContactMs ?? 0) * nsPerMs),
    knownLeader: consensus.isLeader || consensus.leaderAddress !== '',
    consistencyLevel: '',
  };
}

/** Makes sure that this server leads, and has caught up with what earlier leaders wrote. */
export async function consistentRead(server: ServerContext): Promise<void> {
  const { consensus, leadership, runtime, settings } = server;
  await consensus.verifyLeader();
  const until = runtime.clock.now() + settings.rpcHoldTimeoutMs;
  while (!leadership.isEstablished) {
    if (runtime.clock.now() >= until) throw new Error('Not ready to serve consistent reads');
    await pause(runtime, staggerMs(runtime, settings.rpcHoldTimeoutMs));
  }
}

function answered<Value>(server: ServerContext, { index, value }: Indexed<Value>): Answered<Value> {
  return { value, meta: metaOf(server, index) };
}

function waitMs({ settings, runtime }: ServerContext, { maxQueryTimeNs }: QueryOptions): number {
  const asked = maxQueryTimeNs / nsPerMs;
  const wait = asked <= 0 ? settings.defaultQueryTimeMs : Math.min(asked, settings.maxQueryTimeMs);
  return wait + staggerMs(runtime, wait);
}

/**
 * Tells what has changed something that was watched, once all of the change is made; undefined: the time is
 * over, or nobody waits any more. No promise waits with the query: thousands do.
 */
function awaitChange(
  { store, runtime }: ServerContext,
  watch: Watch,
  forMs: number,
  signal: CallSignal | undefined,
  onChange: (change: object | undefined) => void,
): void {
  const timer = runtime.timers.after(forMs, giveUp);
  const forget = store.watchers.wait(watch, settle);
  signal?.addEventListener('abort', giveUp, { once: true });
  function giveUp(): void {
    forget();
    settle(undefined);
  }
  function settle(change: object | undefined): void {
    timer.cancel();
    signal?.removeEventListener('abort', giveUp);
    void Promise.resolve(change).then(onChange);
  }
}

const nsPerMs = 1e6;
