// Answers a question, at once or when the answer changes. Upstream: agent/consul/rpc.go (blockingQuery,
// setQueryMeta, consistentRead).

import { type Indexed, type Tables, Watch } from '../core/index.ts';
import type { QueryMeta, QueryOptions } from '../rpc/methods/index.ts';
import type { CallSignal } from '../waiting/call-signal.ts';
import { pause } from '../waiting/pause.ts';
import type { Soon } from '../waiting/soon.ts';
import type { ServerContext } from './server-context.ts';

/** Reads the state, and notes in the watch what it has read. May throw what the client is told. */
export type Read<Value> = (tables: Tables, watch: Watch | null) => Indexed<Value>;

/** A value with what it is worth. */
export interface Answered<Value> {
  readonly value: Value;
  readonly meta: QueryMeta;
}

/**
 * Answers a question. One that names an index waits until the answer's index is higher; if nothing changes in
 * its time it is answered with what was found first. If nobody waits any more the promise settles, too.
 */
export function blockingQuery<Value>(
  server: ServerContext,
  options: QueryOptions,
  read: Read<Value>,
  signal?: CallSignal,
): Soon<Answered<Value>> {
  if (options.minQueryIndex > 0) return waitingQuery(server, options, read, signal);
  const now = () => answered(server, read(server.store.tables, null));
  return options.requireConsistent ? consistentRead(server).then(now) : now();
}

async function waitingQuery<Value>(
  server: ServerContext,
  options: QueryOptions,
  read: Read<Value>,
  signal: CallSignal | undefined,
): Promise<Answered<Value>> {
  if (options.requireConsistent) await consistentRead(server);
  const endsAt = server.runtime.clock.now() + waitMs(server, options);
  const isNews = ({ meta }: Answered<Value>) => meta.index > options.minQueryIndex;
  for (let isWoken = false; ; isWoken = true) {
    const { tables } = server.store;
    // Who is woken is told, as a rule: of thousands few have to know once more what they wait for.
    const news = isWoken ? answered(server, read(tables, null)) : undefined;
    if (news !== undefined && isNews(news)) return news;
    const watch = new Watch();
    const found = answered(server, read(tables, watch));
    const left = endsAt - server.runtime.clock.now();
    if (isNews(found) || left <= 0 || signal?.aborted === true) return found;
    const isChanged = await change(server, watch, left, signal);
    // Another state altogether, that of a snapshot: the client is to look for itself.
    if (!isChanged || server.store.tables !== tables) return found;
    if (options.requireConsistent) await consistentRead(server);
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
    await pause(runtime, (runtime.random.float() * settings.rpcHoldTimeoutMs) / staggerShare);
  }
}

function answered<Value>(server: ServerContext, { index, value }: Indexed<Value>): Answered<Value> {
  return { value, meta: metaOf(server, index) };
}

function waitMs({ settings, runtime }: ServerContext, { maxQueryTimeNs }: QueryOptions): number {
  const asked = maxQueryTimeNs / nsPerMs;
  const wait = asked <= 0 ? settings.defaultQueryTimeMs : Math.min(asked, settings.maxQueryTimeMs);
  return wait + (runtime.random.float() * wait) / staggerShare;
}

/** Whether something that was watched has changed; false when the time is over or nobody waits any more. */
function change(
  { store, runtime }: ServerContext,
  watch: Watch,
  forMs: number,
  signal: CallSignal | undefined,
): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = runtime.timers.after(forMs, giveUp);
    const forget = store.watchers.wait(watch, () => settle(true));
    signal?.addEventListener('abort', giveUp, { once: true });
    function giveUp(): void {
      forget();
      settle(false);
    }
    function settle(isChanged: boolean): void {
      timer.cancel();
      signal?.removeEventListener('abort', giveUp);
      resolve(isChanged);
    }
  });
}

/** Waits are longer by a random part, so that clients do not come back all at once; upstream's sixteenth. */
const staggerShare = 16;
const nsPerMs = 1e6;
