// One entry of the member table. SWIM section 4.2 (alive, suspect, confirm) with memberlist's fourth state,
// left.
// Invariant: a node's incarnation never goes back while it is in the table.
// Next: alive.ts, suspect.ts and dead.ts, the only places where a node's state changes.

import type { Endpoint } from '@reeve/runtime';

/** What we believe of a node. The values are the wire's numbers. */
export const nodeStates = { alive: 0, suspect: 1, dead: 2, left: 3 } as const;

/** `alive`, `suspect`, `dead` (no answer) or `left` (it said goodbye). */
export type NodeStateName = keyof typeof nodeStates;

/** What a node speaks and understands: of this protocol (p) and of the layer above (d). Wire order. */
export interface Versions {
  readonly pMin: number;
  readonly pMax: number;
  readonly pCur: number;
  readonly dMin: number;
  readonly dMax: number;
  readonly dCur: number;
}

/** A member as others see it. */
export interface MemberNode extends Endpoint {
  readonly name: string;
  /** Opaque to this layer, at most 512 bytes; serf keeps tags in it. */
  readonly meta: Uint8Array;
  readonly versions: Versions;
  readonly state: NodeStateName;
  readonly incarnation: number;
  /** When `state` last changed, on the monotonic clock. */
  readonly stateChangedAtMs: number;
}

/** An entry of the member table. Who changes it asks the table for it with `change`. */
export interface KnownNode extends MemberNode {
  /** We have only heard of it unasked: it has not answered us, nor has anybody we asked told us of it. */
  readonly stranger: boolean;
}

/** The same, for the rules that change it. */
export type MutableNode = { -readonly [Key in keyof KnownNode]: KnownNode[Key] };

/** The most bytes `meta` may have. */
export const metaBytesMax = 512;

/** What is wrong with our own meta, in the original's words. */
export function metaFlaw(meta: Uint8Array): string | undefined {
  return meta.length > metaBytesMax ? 'Node meta data provided is longer than the limit' : undefined;
}

/**
 * The most bytes a name may have. Ours: with it every alive and suspect message fits a packet of the default
 * size, whatever layers it has; upstream's queue keeps what does not fit for ever.
 */
export const nameBytesMax = 512;
