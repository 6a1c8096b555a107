// What a handler is told. Plain values, copied into the thread the handler runs in: nothing here changes
// after you got it. The words are those of @reeve/serf, less what no handler needs. Next: handler.ts.

/** One member of the cluster. It chose its name and tags itself: do not trust them more than its operator. */
export interface Member {
  /** Unique in the cluster; any characters. */
  readonly name: string;
  /** Its IP address. */
  readonly host: string;
  /** The port it gossips on. */
  readonly port: number;
  /** What it says of itself, `role` for one. */
  readonly tags: ReadonlyMap<string, string>;
  /** `leaving` has announced that it goes, `left` has gone on purpose, `failed` stopped answering. */
  readonly status: 'none' | 'alive' | 'leaving' | 'left' | 'failed';
}

/** One change, shared by one or more members. */
export interface MemberEvent {
  readonly kind: 'member-join' | 'member-leave' | 'member-failed' | 'member-update' | 'member-reap';
  /** As they were when it happened. */
  readonly members: readonly Member[];
}

/** A custom event that somebody sent to the whole cluster (`serf event NAME PAYLOAD`). */
export interface UserEvent {
  readonly kind: 'user';
  readonly name: string;
  readonly payload: Uint8Array;
  /** When it was sent, on the cluster's Lamport clock of events. */
  readonly lTime: number;
}

/** A question to the whole cluster (`serf query NAME PAYLOAD`). */
export interface QueryEvent {
  readonly kind: 'query';
  readonly name: string;
  readonly payload: Uint8Array;
  /** When it was asked, on the cluster's Lamport clock of queries. */
  readonly lTime: number;
  /** The name of the node that asks; empty when it is too old to tell. */
  readonly sourceNode: string;
  /**
   * Answers, once and before the query's deadline, with less than 1 KiB. An answer that is refused costs a
   * line in the agent's log.
   */
  respond(answer: string | Uint8Array): void;
}

/** Everything a handler can be told. */
export type HandlerEvent = MemberEvent | UserEvent | QueryEvent;
