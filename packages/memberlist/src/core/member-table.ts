// All nodes we have heard of, in the random order in which they are probed. SWIM section 4.3 (round-robin
// probing with random insertion bounds the time until a death is noticed). Upstream: memberlist state.go,
// util.go.
// Bounded by nodesMax. Invariant: the list and the index by name hold the same nodes. Next: alive.ts, which
// adds.

import type { Random } from '@reeve/runtime';
import type { MutableNode } from './node.ts';

/** The member table. */
export class MemberTable {
  readonly #random: Random;
  readonly #nodesMax: number;
  readonly #byName = new Map<string, MutableNode>();
  #inProbeOrder: MutableNode[] = [];
  #strangers = 0;

  constructor(random: Random, nodesMax: number) {
    this.#random = random;
    this.#nodesMax = nodesMax;
  }

  /** How many nodes are known, dead and left ones included until they are forgotten. */
  get size(): number {
    return this.#inProbeOrder.length;
  }

  /** Whether no further name can be added. */
  get full(): boolean {
    return this.size >= this.#nodesMax;
  }

  /** How many of them are strangers. */
  get strangers(): number {
    return this.#strangers;
  }

  /** All nodes, in probe order. */
  get nodes(): readonly MutableNode[] {
    return this.#inProbeOrder;
  }

  get(name: string): MutableNode | undefined {
    return this.#byName.get(name);
  }

  /** Adds a node of a new name at a random place. The caller has checked `full`. */
  add(node: MutableNode): void {
    this.#byName.set(node.name, node);
    if (node.stranger) this.#strangers += 1;
    const place = this.#random.below(this.size + 1);
    const moved = this.#inProbeOrder[place];
    if (moved) this.#inProbeOrder.push(moved);
    this.#inProbeOrder[place] = node;
  }

  /** The node is there: it has answered us, or somebody we asked knows it. */
  acquaint(node: MutableNode): void {
    if (node.stranger) this.#strangers -= 1;
    node.stranger = false;
  }

  /** Forgets the nodes that `forgotten` names, and shuffles the rest for the next round of probes. */
  startRound(forgotten: (node: MutableNode) => boolean): void {
    const kept: MutableNode[] = [];
    for (const node of this.#inProbeOrder) {
      if (!forgotten(node)) {
        kept.push(node);
        continue;
      }
      this.#byName.delete(node.name);
      this.acquaint(node);
    }
    this.#inProbeOrder = shuffled(kept, this.#random);
  }

  /**
   * Up to `count` different random nodes for which `eligible` holds. Small tables are shuffled (memberlist
   * 0.6.0), large ones drawn from, at most three draws for every node.
   */
  pick(count: number, eligible: (node: MutableNode) => boolean): MutableNode[] {
    const nodes = this.#inProbeOrder;
    if (nodes.length < 3 * count) return shuffled(nodes, this.#random).filter(eligible).slice(0, count);
    const picked: MutableNode[] = [];
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
