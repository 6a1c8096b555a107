// What the RPC server needs from the agent it serves. The agent implements it, tests pass a fake.
//
// Errors carry the exact text a client is to read (`user event exceeds configured limit of 512 bytes before
// encoding`): a method that fails throws or rejects with an `Error`, and its `message` goes out in the
// reply's `Error` field. Listeners are called one event at a time and must not be called from inside the
// method that registers them.
//
// Upstream: the calls of cmd/serf/command/agent/ipc.go into agent.go. Next: session.ts, who makes them.

import type { LogLevel } from '@reeve/runtime';
import type {
  Coordinate,
  KeyOutcome,
  Member,
  QueryHandle,
  QueryHandlers,
  QueryParams,
  SerfEvent,
  Tags,
} from '@reeve/serf/core';

/** A running agent as its RPC clients can reach it. */
export interface RpcAgent {
  /** The monotonic clock that the deadlines of queries are measured on, in milliseconds. */
  now(): number;
  /** Every known member, ourselves and those that failed or left included. */
  members(): readonly Member[];
  /** Joins through `addresses` and resolves with how many could be contacted; rejects if none could. */
  join(addresses: readonly string[], replay: boolean): Promise<number>;
  /** Moves a failed member to `left`, or with `prune` off the list. Resolves when the others were told. */
  forceLeave(node: string, prune: boolean): Promise<void>;
  /** Sends a user event to the cluster. */
  userEvent(name: string, payload: Uint8Array, coalesce: boolean): void;
  /** Our own tags. */
  tags(): Tags;
  /** Replaces all our own tags; resolves when the cluster has been told and the tags file is written. */
  setTags(tags: Tags): Promise<void>;
  /** Leaves the cluster gracefully, without ending the agent. */
  leave(): Promise<void>;
  /** Ends the agent. Asked for after the client has its answer to `leave`. */
  shutdown(): Promise<void>;
  /** What `serf info` shows, in sections: `agent`, `runtime`, `serf`, `tags`, `event_handlers`. */
  stats(): ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The last known network coordinate of a node, ourselves included. */
  coordinate(node: string): Coordinate | undefined;
  /** Asks every member to install, to use or to remove a base64 key, or which keys it has. Never rejects. */
  installKey(key: string): Promise<KeyOutcome>;
  useKey(key: string): Promise<KeyOutcome>;
  removeKey(key: string): Promise<KeyOutcome>;
  listKeys(): Promise<KeyOutcome>;
  /** Asks the cluster; the handlers hear of acks and answers until the deadline, then of the end. */
  query(name: string, payload: Uint8Array, params: QueryParams, handlers: QueryHandlers): QueryHandle;
  /** Hands over every event the agent's own handlers see, from now on. Returns the way to stop it. */
  onEvent(listener: (event: SerfEvent) => void): () => void;
  /**
   * Subscribes to the agent's log, all levels. `backlog` is what was logged last, at most 512 lines, oldest
   * first; the listener hears every line after that.
   */
  onLog(listener: (line: RpcLogLine) => void): { readonly backlog: readonly RpcLogLine[]; stop(): void };
}

/** A line of the agent's log. */
export interface RpcLogLine {
  readonly level: LogLevel;
  /** As written, date and level included, without the line end: `2026/11/21 19:34:50 [INFO] agent: …`. */
  readonly text: string;
}
