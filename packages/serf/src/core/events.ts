// What a serf node tells its application. Upstream: event.go. Next: coalescing in coalesce-*.ts.

import type { Member } from './member.ts';

/** What happened to members. */
export type MemberEventKind =
  | 'member-join'
  | 'member-leave'
  | 'member-failed'
  | 'member-update'
  | 'member-reap';

/** One change shared by one or more members. */
export interface MemberEvent {
  readonly kind: MemberEventKind;
  readonly members: readonly Member[];
}

/** A custom event somebody sent to the whole cluster. */
export interface UserEvent {
  readonly kind: 'user';
  readonly name: string;
  readonly payload: Uint8Array;
  /** When it was sent, on the event Lamport clock. */
  readonly lTime: number;
  /** Of several with one name within the coalesce period only the last need be handled. */
  readonly coalesce: boolean;
}

/** A question to the cluster that this node may answer once, until the deadline. */
export interface QueryEvent {
  readonly kind: 'query';
  readonly name: string;
  readonly payload: Uint8Array;
  readonly lTime: number;
  /** The name of the node that asks; empty when it is too old to tell. */
  readonly sourceNode: string;
  /** On the monotonic clock. */
  readonly deadlineMs: number;
  /**
   * Sends the answer.
   * @throws SerfError when an answer was given already, the deadline has passed, or it is too large.
   */
  respond(payload: Uint8Array): void;
}

/** Everything an application can be told. */
export type SerfEvent = MemberEvent | UserEvent | QueryEvent;
