// An agent that does what the test tells it to, and remembers what it was asked.

import type { LogLevel } from '@reeve/runtime';
import type {
  Coordinate,
  KeyOutcome,
  Member,
  QueryEvent,
  QueryHandle,
  QueryHandlers,
  QueryParams,
  SerfEvent,
  Tags,
} from '@reeve/serf/core';
import type { RpcAgent, RpcLogLine } from '../../dist/rpc/agent-port.js';

/** Everything is public and may be replaced. */
export class FakeAgent implements RpcAgent {
  /** What was asked, one line a call: `join 127.0.7.99 replay=false`. */
  readonly calls: string[] = [];
  nowMs = 0;
  memberList: readonly Member[] = [];
  ownTags: Tags = new Map();
  statistics: ReadonlyMap<string, Tags> = new Map();
  readonly coordinates = new Map<string, Coordinate>();
  keyOutcome: KeyOutcome = keyOutcome({});
  onJoin: (addresses: readonly string[]) => Promise<number> = async () => 1;
  /** Thrown by `userEvent`, `query`, `setTags`, `forceLeave` and `leave` if set. */
  failure: Error | undefined;
  backlog: readonly RpcLogLine[] = [];
  /** The queries asked, the last one last. */
  readonly queries: { params: QueryParams; handlers: QueryHandlers; isClosed: boolean }[] = [];
  readonly eventListeners = new Set<(event: SerfEvent) => void>();
  readonly logListeners = new Set<(line: RpcLogLine) => void>();
  onUserEvent: (name: string, payload: Uint8Array, coalesce: boolean) => void = () => {};
  onQuery: (handlers: QueryHandlers) => void = () => {};
  onShutdown: () => void = () => {};

  now(): number {
    return this.nowMs;
  }
  members(): readonly Member[] {
    return this.memberList;
  }
  join(addresses: readonly string[], replay: boolean): Promise<number> {
    this.calls.push(`join ${addresses.join(' ')} replay=${replay}`);
    return this.onJoin(addresses);
  }
  async forceLeave(node: string, prune: boolean): Promise<void> {
    this.calls.push(`force-leave ${node} prune=${prune}`);
    this.#failIfAsked();
  }
  userEvent(name: string, payload: Uint8Array, coalesce: boolean): void {
    this.calls.push(`event ${name} ${text(payload)} coalesce=${coalesce}`);
    this.#failIfAsked();
    this.onUserEvent(name, payload, coalesce);
  }
  tags(): Tags {
    return this.ownTags;
  }
  async setTags(tags: Tags): Promise<void> {
    this.calls.push(`tags ${[...tags].map(([key, value]) => `${key}=${value}`).join(' ')}`);
    this.#failIfAsked();
    this.ownTags = tags;
  }
  async leave(): Promise<void> {
    this.calls.push('leave');
    this.#failIfAsked();
  }
  async shutdown(): Promise<void> {
    this.calls.push('shutdown');
    this.onShutdown();
  }
  stats(): ReadonlyMap<string, Tags> {
    return this.statistics;
  }
  coordinate(node: string): Coordinate | undefined {
    return this.coordinates.get(node);
  }
  installKey(key: string): Promise<KeyOutcome> {
    return this.#changeKey('install-key', key);
  }
  useKey(key: string): Promise<KeyOutcome> {
    return this.#changeKey('use-key', key);
  }
  removeKey(key: string): Promise<KeyOutcome> {
    return this.#changeKey('remove-key', key);
  }
  listKeys(): Promise<KeyOutcome> {
    return this.#changeKey('list-keys', '');
  }
  query(name: string, payload: Uint8Array, params: QueryParams, handlers: QueryHandlers): QueryHandle {
    this.calls.push(`query ${name} ${text(payload)}`);
    this.#failIfAsked();
    const query = { params, handlers, isClosed: false };
    this.queries.push(query);
    this.onQuery(handlers);
    return {
      deadlineMs: this.nowMs + 1000,
      close: () => {
        query.isClosed = true;
        handlers.onDone();
      },
    };
  }
  onEvent(listener: (event: SerfEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }
  onLog(listener: (line: RpcLogLine) => void): { backlog: readonly RpcLogLine[]; stop(): void } {
    this.logListeners.add(listener);
    return { backlog: this.backlog, stop: () => this.logListeners.delete(listener) };
  }

  /** Lets something happen in the cluster. */
  emit(event: SerfEvent): void {
    for (const listener of [...this.eventListeners]) listener(event);
  }
  /** Logs a line. */
  log(line: string): void {
    for (const listener of [...this.logListeners]) listener(logLine(line));
  }

  async #changeKey(command: string, key: string): Promise<KeyOutcome> {
    this.calls.push(`${command} ${key}`.trim());
    return this.keyOutcome;
  }
  #failIfAsked(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

/** A line with the level that stands in its first brackets. */
export function logLine(line: string): RpcLogLine {
  const level = /\[([A-Z]+)\]/.exec(line)?.[1]?.toLowerCase() as LogLevel;
  return { level, text: line };
}

/** A member as a 0.9.4 agent describes itself, alive unless told otherwise. */
export function member(name: string, host: string, rest: Partial<Member> = {}): Member {
  return {
    name,
    host,
    port: 7946,
    tags: new Map(),
    status: 'alive',
    protocolMin: 1,
    protocolMax: 5,
    protocolCur: 2,
    delegateMin: 2,
    delegateMax: 5,
    delegateCur: 5,
    ...rest,
  };
}

/** A user event. */
export function userEvent(name: string, payload: string, lTime: number, coalesce: boolean): SerfEvent {
  return { kind: 'user', name, payload: new TextEncoder().encode(payload), lTime, coalesce };
}

/** A query that can be answered once, until it is 1000 on the agent's clock; see `answers`. */
export function queryEvent(name: string, payload: string, lTime: number, answers: string[] = []): QueryEvent {
  return {
    kind: 'query',
    name,
    payload: new TextEncoder().encode(payload),
    lTime,
    sourceNode: 'ra',
    deadlineMs: 1000,
    respond(answer) {
      if (answers.length > 0) throw new Error('failed to respond to key query: response already sent');
      answers.push(text(answer));
    },
  };
}

/** How a key command ended. */
export function keyOutcome(parts: {
  messages?: ReadonlyMap<string, string>;
  keys?: ReadonlyMap<string, number>;
  nodes?: number;
  responses?: number;
  errors?: number;
  error?: string;
}): KeyOutcome {
  const { error, ...response } = parts;
  return {
    response: {
      messages: new Map(),
      keys: new Map(),
      primaryKeys: new Map(),
      nodes: 1,
      responses: 1,
      errors: 0,
      ...response,
    },
    error: error === undefined ? undefined : new Error(error),
  };
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
