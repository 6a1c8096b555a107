// Events as a service hears them: core's, with members as plain data and payloads as Buffers. Events are
// named as in the original's event handlers: `member-join`, `user`, `user:deploy`, `query`, `query:load`.

import type { Runtime } from '@reeve/runtime';
import {
  type QueryEvent as CoreQueryEvent,
  type SerfEvent as CoreSerfEvent,
  type MemberEventKind,
  SerfError,
} from '../core/index.ts';
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
   * Sends the answer. False when that was not possible, for reasons that lie with the asker: it is too late,
   * or the asker's way of asking leaves no room for the last few bytes; the log says which.
   * @throws SerfError when there was an answer already, or it is larger than any may be (1024 bytes, unless
   * configured).
   */
  respond(payload: Payload): boolean;
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

/** What answering a query takes. */
export interface Answering {
  readonly runtime: Pick<Runtime, 'clock' | 'log'>;
  readonly responseBytesMax: number;
}

/** Core's event in this package's form. */
export function toEvent(event: CoreSerfEvent, answering: Answering): SerfEvent {
  switch (event.kind) {
    case 'user':
      return { ...event, payload: toBuffer(event.payload) };
    case 'query':
      return new NodeQueryEvent(event, answering);
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
  readonly #answering: Answering;
  #isAnswered = false;

  constructor(query: CoreQueryEvent, answering: Answering) {
    this.name = query.name;
    this.payload = toBuffer(query.payload);
    this.lTime = query.lTime;
    this.from = query.sourceNode;
    this.#query = query;
    this.#answering = answering;
  }

  get timeLeftMs(): number {
    return Math.max(0, this.#query.deadlineMs - this.#answering.runtime.clock.now());
  }

  respond(payload: Payload): boolean {
    const { runtime, responseBytesMax } = this.#answering;
    const bytes = toBytes(payload);
    if (this.#isAnswered) throw new SerfError('response already sent');
    if (bytes.length > responseBytesMax)
      throw new SerfError(`response exceeds limit of ${responseBytesMax} bytes`);
    this.#isAnswered = true;
    try {
      this.#query.respond(bytes);
      return true;
    } catch (error) {
      if (!(error instanceof SerfError)) throw error;
      runtime.log('warn', `serf: ${error.message}`);
      return false;
    }
  }
}
