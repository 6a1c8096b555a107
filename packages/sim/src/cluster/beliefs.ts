// What nodes believe of each other, and when that changes: the state and incarnation in the tables of
// memberlist. Most properties are about these changes. Entries are told apart by identity, so one that was
// forgotten and learnt anew begins anew.

import type { MemberNode, NodeStateName } from '@reeve/memberlist';
import type { Endpoint } from '@reeve/runtime';
import type { Ledger } from '../faults/ledger.ts';
import type { SimNode } from './node.ts';

/** What one entry of a table says. */
export interface Belief extends Endpoint {
  readonly state: NodeStateName;
  readonly incarnation: number;
  /** When it came into each state last, virtual milliseconds; the latest state last. */
  readonly since: ReadonlyMap<NodeStateName, number>;
}

/** A node has changed its mind. */
export interface BeliefChange {
  readonly viewer: SimNode;
  /** Of whom. */
  readonly name: string;
  /** Undefined when it has just heard of it. */
  readonly before: Belief | undefined;
  readonly after: Belief;
}

/** Finds changes. */
export class Beliefs {
  readonly #known = new WeakMap<MemberNode, Belief>();
  readonly #ledger: Ledger;
  readonly #isMember: (name: string) => boolean;

  /** `isMember` tells whether a node is really there. */
  constructor(ledger: Ledger, isMember: (name: string) => boolean) {
    this.#ledger = ledger;
    this.#isMember = isMember;
  }

  /** What has changed in the table of this node since the last call. */
  changes(viewer: SimNode, nowMs: number): readonly BeliefChange[] {
    const changes: BeliefChange[] = [];
    for (const node of viewer.serf?.gossipNodes ?? []) {
      const before = this.#known.get(node);
      if (before && isUnchanged(before, node)) continue;
      const { name, state, incarnation, host, port } = node;
      const since = before?.state === state ? before.since : enter(before?.since, state, nowMs);
      const after = { state, incarnation, host, port, since };
      this.#known.set(node, after);
      if (before?.state !== state) this.#count(name, state);
      changes.push({ viewer, name, before, after });
    }
    return changes;
  }

  /** What a node believes of another now. */
  of(viewer: SimNode, name: string): Belief | undefined {
    const node = viewer.serf?.gossipNodes.find((candidate) => candidate.name === name);
    return node && this.#known.get(node);
  }

  #count(name: string, state: NodeStateName): void {
    if (state === 'suspect') {
      this.#ledger.count('suspicions');
      if (this.#isMember(name)) this.#ledger.count('wrongSuspicions');
    } else if (state === 'dead') {
      this.#ledger.count('deaths');
      if (this.#isMember(name)) this.#ledger.count('wrongDeaths');
    }
  }
}

/** As in `dead with incarnation 3`. */
export function describeBelief({ state, incarnation }: Belief): string {
  return `${state} with incarnation ${incarnation}`;
}

/** Whether the two are at different addresses. */
export function hasMoved(before: Endpoint, after: Endpoint): boolean {
  return before.host !== after.host || before.port !== after.port;
}

function enter(
  since: ReadonlyMap<NodeStateName, number> | undefined,
  state: NodeStateName,
  nowMs: number,
): ReadonlyMap<NodeStateName, number> {
  const entered = new Map(since);
  entered.delete(state);
  return entered.set(state, nowMs);
}

function isUnchanged(before: Belief, now: MemberNode): boolean {
  return before.state === now.state && before.incarnation === now.incarnation && !hasMoved(before, now);
}
