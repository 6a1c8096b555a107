// What one connection has subscribed to: event streams, the log monitor and running queries; and the queries
// it may answer. Each subscription sends records after its reply, under the sequence number of the request
// that began it.
//
// Records wait here until the connection can take them, at most 512 a subscription; a client that reads too
// slowly loses the newest and one log line says so. Records go out in the order in which they came in,
// whatever they belong to. Upstream: ipc_event_stream.go, ipc_log_stream.go, ipc_query_response_stream.go.

import { concatBytes, encodeWith, rpcDialect } from '@reeve/bytes';
import type { Log } from '@reeve/runtime';
import { isValidEventFilter, matchesEvent, parseEventFilters } from '@reeve/serf/agent';
import type { QueryEvent, SerfEvent } from '@reeve/serf/core';
import { isAtLeast, parseLogLevel } from '../log/log-level.ts';
import type { RpcAgent, RpcLogLine } from './agent-port.ts';
import { pendingQueriesMax, recordsMax, subscriptionsMax } from './limits.ts';
import type { Reply } from './reply.ts';
import { replyHeader } from './wire/headers.ts';
import { encodeEventRecord, logRecord, payloadOrNil, type QueryRecord, queryRecord } from './wire/records.ts';
import type { QueryRequest } from './wire/requests.ts';

/** The subscriptions of one connection. */
export class Subscriptions {
  readonly #agent: RpcAgent;
  readonly #clientName: string;
  readonly #log: Log;
  readonly #onRecord: () => void;
  /** Bounded by `subscriptionsMax` each. */
  readonly #streams = new Map<bigint, Subscription>();
  readonly #queries = new Set<Subscription>();
  #monitor: Subscription | undefined;
  /** Bounded by `recordsMax` a subscription. Encoded when sent: until then many clients share an event. */
  readonly #records: WaitingRecord[] = [];
  /** Bounded by `pendingQueriesMax`. */
  readonly #pendingQueries = new Map<bigint, QueryEvent>();
  #lastQueryId = 0n;

  /**
   * @param onRecord a record waits for `takeRecord`; called from inside the agent, so do not send at once.
   */
  constructor(agent: RpcAgent, clientName: string, log: Log, onRecord: () => void) {
    this.#agent = agent;
    this.#clientName = clientName;
    this.#log = log;
    this.#onRecord = onRecord;
  }

  /** Starts a stream of the events that a filter names. */
  stream(seq: bigint, filterList: string): Reply {
    const filters = parseEventFilters(filterList);
    if (!filters.every(isValidEventFilter)) return { error: 'Invalid event filter' };
    if (this.#streams.has(seq)) return { error: 'Stream with given sequence exists' };
    if (this.#streams.size >= subscriptionsMax) return { error: `More than ${subscriptionsMax} streams` };
    const stream = createSubscription(seq, 'event');
    stream.stop = this.#agent.onEvent((event) => {
      if (!filters.some((filter) => matchesEvent(filter, event))) return;
      this.#push(stream, () => encodeEventRecord(event, this.#registerQuery(event)));
    });
    this.#streams.set(seq, stream);
    return {};
  }

  /** Starts the monitor: what was logged last, then every line, from a level on. */
  monitor(seq: bigint, levelText: string): Reply {
    const level = parseLogLevel(levelText);
    if (level === undefined) return { error: `Unknown log level: ${levelText.toUpperCase()}` };
    if (this.#monitor !== undefined) return { error: 'Monitor already exists' };
    const monitor = createSubscription(seq, 'logs');
    const take = (line: RpcLogLine): void => {
      if (!isAtLeast(line.level, level)) return;
      this.#push(monitor, () => encodeWith(logRecord, rpcDialect, { log: line.text }));
    };
    const { backlog, stop } = this.#agent.onLog(take);
    for (const line of backlog) take(line);
    monitor.stop = stop;
    this.#monitor = monitor;
    return {};
  }

  /** Asks the cluster; acks and answers follow until the deadline, then `done`. */
  query(seq: bigint, request: QueryRequest): Reply {
    if (this.#queries.size >= subscriptionsMax) return { error: `More than ${subscriptionsMax} queries` };
    const query = createSubscription(seq, 'query responses');
    const push = (record: QueryRecord): void => {
      this.#push(query, () => encodeWith(queryRecord, rpcDialect, record));
    };
    const handle = this.#agent.query(
      request.name,
      request.payload ?? new Uint8Array(0),
      {
        nodes: request.filterNodes ?? [],
        tags: request.filterTags,
        requestAck: request.requestAck,
        relayFactor: request.relayFactor,
        timeoutMs: Math.max(0, request.timeoutNs / nanosecondsPerMs),
      },
      {
        onAck: (from) => push({ type: 'ack', from, payload: null }),
        onResponse: (from, payload) => push({ type: 'response', from, payload: payloadOrNil(payload) }),
        onDone: () => {
          this.#queries.delete(query);
          query.isDone = true;
          push({ type: 'done', from: '', payload: null });
        },
      },
    );
    query.stop = () => handle.close();
    if (!query.isDone) this.#queries.add(query);
    return {};
  }

  /** Answers a query that a stream of this connection has announced. */
  respond(id: bigint, payload: Uint8Array): Reply {
    const query = this.#pendingQueries.get(id);
    if (query === undefined || query.deadlineMs <= this.#agent.now()) {
      return { error: 'No pending queries matching ID' };
    }
    query.respond(payload);
    return {};
  }

  /**
   * Ends the stream or the monitor that a request began, or both if they share its number. Always succeeds.
   */
  stop(seq: bigint): Reply {
    if (this.#monitor?.seq === seq) {
      this.#end(this.#monitor);
      this.#monitor = undefined;
    }
    const stream = this.#streams.get(seq);
    if (stream !== undefined) this.#end(stream);
    this.#streams.delete(seq);
    return {};
  }

  /** The next record with its header, as bytes. */
  takeRecord(): Uint8Array | undefined {
    for (;;) {
      const record = this.#records.shift();
      if (record === undefined) return undefined;
      const { subscription } = record;
      if (subscription.isEnded) continue;
      subscription.waiting -= 1;
      subscription.isDropping = false;
      const header = encodeWith(replyHeader, rpcDialect, { seq: subscription.seq, error: '' });
      return concatBytes([header, record.encode()]);
    }
  }

  /** Ends everything; nothing is taken from the agent any more. */
  close(): void {
    for (const subscription of [...this.#streams.values(), ...this.#queries]) this.#end(subscription);
    if (this.#monitor !== undefined) this.#end(this.#monitor);
    this.#streams.clear();
    this.#queries.clear();
    this.#monitor = undefined;
    this.#records.length = 0;
    this.#pendingQueries.clear();
  }

  #push(subscription: Subscription, encode: () => Uint8Array): void {
    if (subscription.isEnded) return;
    if (subscription.waiting >= recordsMax && !subscription.isDone) {
      // Said once until a record gets through again: the line itself may be one more that is dropped here.
      if (subscription.isDropping) return;
      subscription.isDropping = true;
      this.#log('warn', `agent.ipc: Dropping ${subscription.what} to ipc.client: ${this.#clientName}`);
      return;
    }
    subscription.waiting += 1;
    this.#records.push({ subscription, encode });
    this.#onRecord();
  }

  #end(subscription: Subscription): void {
    subscription.isEnded = true;
    subscription.stop();
  }

  /** Gives a query the number under which this client may answer it; each stream that shows it another. */
  #registerQuery(event: SerfEvent): bigint {
    if (event.kind !== 'query') return 0n;
    const id = ++this.#lastQueryId;
    const now = this.#agent.now();
    if (event.deadlineMs > now) this.#pendingQueries.set(id, event);
    for (const [oldest, { deadlineMs }] of this.#pendingQueries) {
      if (deadlineMs > now && this.#pendingQueries.size <= pendingQueriesMax) break;
      this.#pendingQueries.delete(oldest);
    }
    return id;
  }
}

interface Subscription {
  readonly seq: bigint;
  /** For the log: what is dropped when it is too slow. */
  readonly what: string;
  /** Records of it that wait. */
  waiting: number;
  isDropping: boolean;
  /** A query that is over: its last record goes out even if too many wait, because a client waits for it. */
  isDone: boolean;
  isEnded: boolean;
  /** Unsubscribes from the agent. */
  stop: () => void;
}

interface WaitingRecord {
  readonly subscription: Subscription;
  readonly encode: () => Uint8Array;
}

function createSubscription(seq: bigint, what: string): Subscription {
  return { seq, what, waiting: 0, isDropping: false, isDone: false, isEnded: false, stop: () => {} };
}

const nanosecondsPerMs = 1e6;
