// All nodes we have heard of, in the random order in which they are probed. SWIM section 4.3 (round-robin
// probing with random insertion bounds the time until a death is noticed). Upstream: memberlist state.go,
// util.go.
// Bounded by nodesMax. Invariant: the list and the index by name hold the same nodes. Next: alive.ts, which
// adds.

import type { Random } from '@reeve/runtime';
import type { MemberNode, MutableNode } from './node.ts';

/**
 * What rules ask of a member table. Who changes an entry asks for it with `change`, so that a simulation of a
 * large cluster may keep what everybody believes of everybody once.
 */
export interface NodeTable {
  /** How many nodes are known, dead and left ones included until they are forgotten. */
  readonly size: number;
  /** Whether no further name can be added. */
  readonly full: boolean;
  /** How many of them are strangers. */
  readonly strangers: number;
  /** All nodes, in probe order. */
  readonly nodes: readonly MemberNode[];
  /** The node at a place of the probe order; undefined behind its end. */
  at(place: number): MemberNode | undefined;
  get(name: string): MemberNode | undefined;
  /** An entry of the table, to be changed: from now on this is the entry. */
  change(node: MemberNode): MutableNode;
  /** Adds a node of a new name at a random place. The caller has checked `full`. */
  add(node: MutableNode): void;
  /** The node is there: it has answered us, or somebody we asked knows it. */
  acquaint(node: MemberNode): void;
  /** Forgets the nodes that `forgotten` names, and shuffles the rest for the next round of probes. */
  startRound(forgotten: (node: MemberNode) => boolean): void;
  /** Up to `count` different random nodes for which `eligible` holds. */
  pick(count: number, eligible: (node: MemberNode) => boolean): readonly MemberNode[];
}

/** The member table of one node. */
export class MemberTable implements NodeTable {
  readonly #random: Random;
  readonly #nodesMax: number;
  readonly #byName = new Map<string, MutableNode>();
  #inProbeOrder: MutableNode[] = [];
  #strangers = 0;

  constructor(random: Random, nodesMax: number) {
    this.#random = random;
    this.#nodesMax = nodesMax;
  }

  get size(): number {
    return this.#inProbeOrder.length;
  }

  get full(): boolean {
    return this.size >= this.#nodesMax;
  }

  get strangers(): number {
    return this.#strangers;
  }

  get nodes(): readonly MemberNode[] {
    return this.#inProbeOrder;
  }

  at(place: number): MemberNode | undefined {
    return this.#inProbeOrder[place];
  }

  get(name: string): MemberNode | undefined {
    return this.#byName.get(name);
  }

  change({ name }: MemberNode): MutableNode {
    const node = this.#byName.get(name);
    if (!node) throw new Error(`only what is in the table can be changed, and ${name} is not`);
    return node;
  }

  add(node: MutableNode): void {
    this.#byName.set(node.name, node);
    if (node.stranger) this.#strangers += 1;
    const place = this.#random.below(this.size + 1);
    const moved = this.#inProbeOrder[place];
    if (moved) this.#inProbeOrder.push(moved);
    this.#inProbeOrder[place] = node;
  }

  acquaint({ name }: MemberNode): void {
    const node = this.#byName.get(name);
    if (!node?.stranger) return;
    this.#strangers -= 1;
    node.stranger = false;
  }

  startRound(forgotten: (node: MemberNode) => boolean): void {
    const kept: MutableNode[] = [];
    for (const node of this.#inProbeOrder) {
      if (!forgotten(node)) {
        kept.push(node);
        continue;
      }
      this.acquaint(node);
      this.#byName.delete(node.name);
    }
    this.#inProbeOrder = shuffled(kept, this.#random);
  }

  // Small tables are shuffled (memberlist 0.6.0), large ones drawn from, at most three draws for every node.
  pick(count: number, eligible: (node: MemberNode) => boolean): readonly MemberNode[] {
    const nodes = this.#inProbeOrder;
    if (nodes.length < 3 * count) return shuffled(nodes, this.#random).filter(eligible).slice(0, count);
    const picked: MemberNode[] = [];
    for (let draw = 0; draw < 3 * nodes.length && picked.length < count; draw++) {
      const node = nodes[this.#random.below(nodes.length)];
      if (node && eligible(node) && !picked.includes(node)) picked.push(node);
    }
    return picked;
  }
}

/** Fisher and Yates's shuffle, into a new array. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const item = result[last] as T;
    result[last] = result[other] as T;
    result[other] = item;
  }
  return result;
}
