// Everything serf nodes say to each other, as plain data. Upstream: messages.go.
// Times are Lamport times unless a unit says otherwise. How each is written: wire/.

import type { Endpoint } from '@reeve/runtime';
import type { Member } from './member.ts';

/** The first byte of every message; the wire's numbers. */
export const messageTypes = {
  leave: 0,
  join: 1,
  pushPull: 2,
  userEvent: 3,
  query: 4,
  queryResponse: 5,
  conflictResponse: 6,
  keyRequest: 7,
  keyResponse: 8,
  relay: 9,
} as const;

/** "This node is (still) a member." */
export interface JoinIntent {
  readonly lTime: number;
  readonly node: string;
}

/** "This node leaves", said by itself or by an operator about a failed one. */
export interface LeaveIntent {
  readonly lTime: number;
  readonly node: string;
  /** Forget the member at once. */
  readonly prune: boolean;
}

/** A user event on its way by gossip. */
export interface UserEventMessage {
  readonly lTime: number;
  readonly name: string;
  readonly payload: Uint8Array;
  readonly canCoalesce: boolean;
}

/** A query on its way by gossip. */
export interface QueryMessage {
  readonly lTime: number;
  /** Random, tells queries of one Lamport time apart. */
  readonly id: number;
  /** Where answers go. */
  readonly replyTo: Endpoint;
  /** Who asks; empty from very old nodes. */
  readonly sourceNode: string;
  readonly filters: readonly Uint8Array[];
  readonly flags: number;
  readonly relayFactor: number;
  readonly timeoutMs: number;
  readonly name: string;
  readonly payload: Uint8Array;
}

/** Queries with names that begin so are answered by the nodes themselves; applications must not use them. */
export const internalQueryPrefix = '_serf_';

/** Bits of `flags` in queries and their answers. */
export const queryFlags = {
  /** In a query: acknowledge it. In an answer: this is the acknowledgement. */
  ack: 1,
  /** Do not pass the query on. */
  noBroadcast: 2,
} as const;

/** An answer or an acknowledgement, sent straight to who asked. */
export interface QueryResponseMessage {
  /** Of the query. */
  readonly lTime: number;
  readonly id: number;
  readonly from: string;
  readonly flags: number;
  readonly payload: Uint8Array;
}

/** A message to be passed on unread: how answers take a second way. */
export interface RelayMessage {
  readonly to: Endpoint;
  readonly node: string;
  /** The whole message to pass on, its type byte included. */
  readonly message: Uint8Array;
}

/** The payload of an answer to a name conflict: who we believe has the name, if anybody. */
export type ConflictResponse = Member | undefined;

/** What a node did about a key. */
export interface NodeKeyResponse {
  readonly succeeded: boolean;
  readonly message: string;
  /** Base64. Only when keys are listed. */
  readonly keys: readonly string[];
  readonly primaryKey: string;
}

/** User events of one Lamport time. */
export interface UserEventsAt {
  readonly lTime: number;
  readonly events: readonly { readonly name: string; readonly payload: Uint8Array }[];
}

/** What two nodes tell each other on every push/pull. */
export interface PushPullState {
  readonly lTime: number;
  /** Every member with the time of the last intent about it. */
  readonly statusLTimes: ReadonlyMap<string, number>;
  readonly leftMembers: readonly string[];
  readonly eventLTime: number;
  /** The event buffer by slot; null where nothing was heard. */
  readonly events: readonly (UserEventsAt | null)[];
  readonly queryLTime: number;
}
