// Events as a service hears them: core's, with members as plain data and payloads as Buffers. Events are
// named as in the original's event handlers: `member-join`, `user`, `user:deploy`, `query`, `query:load`.

import type { QueryEvent as CoreQueryEvent, SerfEvent as CoreSerfEvent, MemberEventKind } from '@reeve/serf';
import { type Member, toMember } from './member.ts';
import { type Payload, toBuffer, toBytes } from './payload.ts';

export type { MemberEventKind };

/** One or more members have joined, left, failed, changed or been forgotten. */
export interface MemberEvent<Kind extends MemberEventKind = MemberEventKind> {
  readonly kind: Kind;
  readonly members: readonly Member[];
}

/** Somebody sent an event to the whole cluster. */
export interface UserEvent {
  readonly kind: 'user';
  readonly name: string;
  readonly payload: Buffer;
  /** When it was sent, on the Lamport clock of events: of two events the later has the higher. */
  readonly lTime: number;
  /** Whether the sender allows agents to handle only the last of several in quick succession. */
  readonly coalesce: boolean;
}

/** Somebody asks the cluster. Answer once, in time, or not at all. */
export interface QueryEvent {
  readonly kind: 'query';
  readonly name: string;
  readonly payload: Buffer;
  /** On the Lamport clock of queries. */
  readonly lTime: number;
  /** Who asks. Empty when the asking node is too old to say. */
  readonly from: string;
  /** How long the answer is waited for from now on, milliseconds; 0 when it is too late. */
  readonly timeLeftMs: number;
  /**
   * Sends the answer.
   * @throws SerfError when there was one already, it is too late, or the answer is too large.
   */
  respond(payload: Payload): void;
}

/** Everything that can happen. */
export type SerfEvent =
  | { [Kind in MemberEventKind]: MemberEvent<Kind> }[MemberEventKind]
  | UserEvent
  | QueryEvent;

/** What can be listened to: a kind of event, or user events or queries of one name. */
export type EventName = MemberEventKind | 'user' | `user:${string}` | 'query' | `query:${string}`;

/** The events of one of these names. */
export type EventOf<Name extends EventName> = Name extends MemberEventKind
  ? MemberEvent<Name>
  : Name extends 'user' | `user:${string}`
    ? UserEvent
    : QueryEvent;

/** Core's event in this package's form. `now` is the monotonic clock. */
export function toEvent(event: CoreSerfEvent, now: () => number): SerfEvent {
  switch (event.kind) {
    case 'user':
      return { ...event, payload: toBuffer(event.payload) };
    case 'query':
      return new NodeQueryEvent(event, now);
    default:
      return { kind: event.kind, members: event.members.map(toMember) };
  }
}

/** The names under which an event is listened to. */
export function namesOf(event: SerfEvent): readonly string[] {
  const isNamed = event.kind === 'user' || event.kind === 'query';
  return isNamed ? [event.kind, `${event.kind}:${event.name}`] : [event.kind];
}

class NodeQueryEvent implements QueryEvent {
  readonly kind = 'query';
  readonly name: string;
  readonly payload: Buffer;
  readonly lTime: number;
  readonly from: string;
  readonly #query: CoreQueryEvent;
  readonly #now: () => number;

  constructor(query: CoreQueryEvent, now: () => number) {
    this.name = query.name;
    this.payload = toBuffer(query.payload);
    this.lTime = query.lTime;
    this.from = query.sourceNode;
    this.#query = query;
    this.#now = now;
  }

  get timeLeftMs(): number {
    return Math.max(0, this.#query.deadlineMs - this.#now());
  }

  respond(payload: Payload): void {
    this.#query.respond(toBytes(payload));
  }
}
