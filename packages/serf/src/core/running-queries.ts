// Queries of ours and the answers that come in.
// Upstream: query.go (QueryResponse), serf.go (handleQueryResponse). Found by Lamport time, which is unique
// among our queries, and checked by id. A member is heard once with an answer and once with an
// acknowledgement; relays make copies.

import type { Log, Runtime, Timer } from '@reeve/runtime';
import { SerfError } from './errors.ts';
import { type QueryMessage, type QueryResponseMessage, queryFlags } from './messages.ts';
import type { QueryHandle, QueryHandlers } from './query-types.ts';
import type { TimerSet } from './timers.ts';

/** What running queries need. */
export interface RunningQueriesOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'metrics'>;
  /** Takes what is to be said about answers that cannot be used. */
  readonly complain: Log;
  readonly timers: TimerSet;
  /** How many may run at once. */
  readonly queriesMax: number;
  /** How many members there are, each of which may be heard. */
  readonly memberCount: () => number;
}

/** All queries that wait for answers. */
export class RunningQueries {
  readonly #options: RunningQueriesOptions;
  // Bounded by queriesMax.
  readonly #byTime = new Map<number, RunningQuery>();

  constructor(options: RunningQueriesOptions) {
    this.#options = options;
  }

  /**
   * Begins to wait for the answers to a query.
   * @throws SerfError when too many are running.
   */
  start(query: QueryMessage, handlers: QueryHandlers): QueryHandle {
    const { queriesMax } = this.#options;
    if (this.#byTime.size >= queriesMax)
      throw new SerfError(`too many queries are running: at most ${queriesMax} at once`);
    const running = new RunningQuery(this.#options, query, handlers, () => {
      if (this.#byTime.get(query.lTime) === running) this.#byTime.delete(query.lTime);
    });
    this.#byTime.set(query.lTime, running);
    return running;
  }

  /** Ends all. */
  closeAll(): void {
    for (const running of [...this.#byTime.values()]) running.close();
  }

  /** An answer or an acknowledgement arrived. */
  onResponse(response: QueryResponseMessage): void {
    const { lTime, id, from } = response;
    const { complain } = this.#options;
    const running = this.#byTime.get(lTime);
    if (!running) {
      complain('warn', `reply for non-running query (LTime: ${lTime}, ID: ${id}) From: ${from}`);
    } else if (running.id !== id) {
      complain('warn', `query reply ID mismatch (Local: ${running.id}, Response: ${id})`);
    } else running.onResponse(response);
  }
}

class RunningQuery implements QueryHandle {
  readonly id: number;
  readonly deadlineMs: number;
  readonly #options: RunningQueriesOptions;
  readonly #handlers: QueryHandlers;
  readonly #wantsAcks: boolean;
  readonly #onClosed: () => void;
  readonly #deadline: Timer;
  // Bounded by the number of members.
  readonly #acks = new Set<string>();
  readonly #responses = new Set<string>();
  #isClosed = false;

  constructor(
    options: RunningQueriesOptions,
    query: QueryMessage,
    handlers: QueryHandlers,
    onClosed: () => void,
  ) {
    this.id = query.id;
    this.deadlineMs = options.runtime.clock.now() + query.timeoutMs;
    this.#options = options;
    this.#handlers = handlers;
    this.#wantsAcks = (query.flags & queryFlags.ack) !== 0;
    this.#onClosed = onClosed;
    this.#deadline = options.timers.after(query.timeoutMs, () => this.close());
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#deadline.cancel();
    this.#onClosed();
    this.#handlers.onDone();
  }

  onResponse({ from, flags, payload }: QueryResponseMessage): void {
    const isAck = (flags & queryFlags.ack) !== 0;
    const kind = isAck ? 'acks' : 'responses';
    const heard = isAck ? this.#acks : this.#responses;
    const { runtime, memberCount, complain } = this.#options;
    if (heard.has(from)) return runtime.metrics.count(`serf.query_duplicate_${kind}`, 1);
    runtime.metrics.count(`serf.query_${kind}`, 1);
    if ((isAck && !this.#wantsAcks) || heard.size >= memberCount()) {
      complain('warn', 'Failed to deliver query response, dropping');
      return;
    }
    heard.add(from);
    if (isAck) this.#handlers.onAck(from);
    else this.#handlers.onResponse(from, payload);
  }
}
