// What the layer above memberlist provides and is told. Serf implements it; so can anybody's own layer.
// Calls come synchronously from inside the machine, so an implementation must not call back into `join`,
// `leave` or `shutdown` from here; queueing a broadcast is fine.

import type { Endpoint } from '@reeve/runtime';
import type { MemberNode, Versions } from './node.ts';
import type { Work } from './turns.ts';

/** The layer above. */
export interface MemberlistDelegate {
  /** This node's meta, at most `metaBytesMax` bytes. Read at start and by `updateNode`. */
  nodeMeta(): Uint8Array;
  /**
   * A message of the layer above arrived, by gossip or straight from a member. Malformed ones are the
   * delegate's to judge.
   */
  onUserMessage(message: Uint8Array, from: Endpoint): void;
  /**
   * Messages to piggyback. Each costs `overheadBytes` on top of its length; together at most `limitBytes`.
   * The delegate counts them as transmitted, and calls `Memberlist.gossipSoon` when it has new ones.
   */
  takeBroadcasts(overheadBytes: number, limitBytes: number): readonly Uint8Array[];
  /** State for a push/pull; `join` when the exchange is somebody's join. Empty: none is sent. */
  localState(join: boolean): Uint8Array;
  /**
   * The other side's state of a push/pull; `asked` when it was us who began it. What is to be done with it is
   * done step by step, and `[]` if nothing is.
   */
  mergeRemoteState(state: Uint8Array, join: boolean, asked?: boolean): Work;

  onJoin(node: MemberNode): void;
  /** The node died (`state` is `dead`) or left (`left`). */
  onLeave(node: MemberNode): void;
  /** Meta, address or versions changed. */
  onUpdate(node: MemberNode): void;
  /** Somebody claims a known name from another address; nothing was changed. */
  onConflict(existing: MemberNode, other: Endpoint & { readonly name: string }): void;

  /** Rides on every answer to a packet ping. Empty: nothing. */
  ackPayload(): Uint8Array;
  /** A direct probe was answered: the round trip, and the payload its answer carried. */
  onPingComplete(node: MemberNode, rttMs: number, payload: Uint8Array): void;

  /** Looks at an alive message before it is believed; a returned reason refuses it. */
  vetoAlive?(node: Endpoint & { readonly name: string; readonly meta: Uint8Array }): string | undefined;
  /**
   * Looks at all nodes of a push/pull before they are merged; a returned reason refuses the whole exchange.
   */
  vetoMerge?(nodes: readonly MergeCandidate[]): string | undefined;
}

/** A node as a push/pull describes it. */
export interface MergeCandidate extends Endpoint {
  readonly name: string;
  readonly meta: Uint8Array;
  readonly incarnation: number;
  /** It has left, and said so. */
  readonly hasLeft: boolean;
  /** Undefined when the sender left them out. */
  readonly versions: Versions | undefined;
}

const nothing = new Uint8Array(0);

/** A layer above that has nothing to say and listens to nothing; to be begun with. */
export const silentDelegate: MemberlistDelegate = {
  nodeMeta: () => nothing,
  onUserMessage: () => {},
  takeBroadcasts: () => [],
  localState: () => nothing,
  mergeRemoteState: () => [],
  onJoin: () => {},
  onLeave: () => {},
  onUpdate: () => {},
  onConflict: () => {},
  ackPayload: () => nothing,
  onPingComplete: () => {},
};
