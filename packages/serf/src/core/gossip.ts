// What serf asks of the layer below. `Memberlist` is one; tests have a small fake.

import type { MemberNode } from '@reeve/memberlist';
import type { Endpoint } from '@reeve/runtime';

/** The part of memberlist that serf uses. */
export interface Gossip {
  readonly localNode: MemberNode;
  /** Everybody alive or suspected, this node included. */
  readonly members: readonly MemberNode[];
  /** Everybody it knows, the dead and the left included. */
  readonly nodes: readonly MemberNode[];
  readonly queuedBroadcasts: number;
  readonly healthScore: number;
  /** The longest message that gossip can carry. */
  readonly userBroadcastBytesMax: number;
  start(done: (error?: Error) => void): void;
  join(addresses: readonly string[], done: (outcome: { joined: number; error?: Error }) => void): void;
  leave(timeoutMs: number, done: (error?: Error) => void): void;
  updateNode(timeoutMs: number, done: (error?: Error) => void): void;
  sendTo(to: Endpoint, message: Uint8Array): void;
  /** Something was queued that is to be taken with the next round of gossip. */
  gossipSoon(): void;
  /** Over a stream; `done` is called once, later, with the reason if it did not arrive. */
  sendReliably(to: Endpoint, message: Uint8Array, done: (error?: Error) => void): void;
  /** Asks whether somebody of this name is there; `done` once, or never when the node stops. */
  findOut(name: string, at: Endpoint, done: (isThere: boolean) => void): void;
  /** Asks a member for its state soon. */
  seekSecondOpinion(): void;
  shutdown(): void;
}
