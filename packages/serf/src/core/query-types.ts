// How a question to the cluster is asked. Upstream: query.go (QueryParam, QueryResponse).
// Next: query.ts, which sends and answers, and query-response.ts, which collects.

/** Who is asked, and how. Everything may be left out. */
export interface QueryParams {
  /** Only these members; all when absent or empty. */
  readonly nodes?: readonly string[];
  /** Only members whose tags match these RE2 expressions, unanchored; a missing tag counts as empty. */
  readonly tags?: ReadonlyMap<string, string>;
  /** Ask every member that is asked for an acknowledgement of delivery. */
  readonly requestAck?: boolean;
  /** How many other members also carry each answer back, 0 to 255. */
  readonly relayFactor?: number;
  /** Absent or 0: a default that grows with the cluster. */
  readonly timeoutMs?: number;
}

/** What a running query calls back. Each member is heard at most once for each kind. */
export interface QueryHandlers {
  /** A member has received the query. Only when acknowledgements were asked for. */
  onAck(from: string): void;
  onResponse(from: string, payload: Uint8Array): void;
  /** The time is over, or the query was closed; nothing comes after this. */
  onDone(): void;
}

/** A running query. */
export interface QueryHandle {
  /** When it ends, on the monotonic clock. */
  readonly deadlineMs: number;
  /** Ends it early; `onDone` runs inside this call, unless it had ended. */
  close(): void;
}
