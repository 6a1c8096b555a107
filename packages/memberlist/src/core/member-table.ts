// All nodes we have heard of, in the random order in which they are probed. SWIM section 4.3 (round-robin
// probing with random insertion bounds the time until a death is noticed). Upstream: memberlist state.go,
// util.go.
// Bounded by nodesMax. Next: alive.ts, which adds; node-store.ts, where entries are kept.

import type { Random } from '@reeve/runtime';
import type { KnownNode, MutableNode } from './node.ts';
import { type NodeStore, OwnNodes } from './node-store.ts';

/** The member table. */
export class MemberTable {
  readonly #random: Random;
  readonly #nodesMax: number;
  readonly #store: NodeStore;
  #strangers = 0;

  constructor(random: Random, nodesMax: number, store: NodeStore = new OwnNodes()) {
    this.#random = random;
    this.#nodesMax = nodesMax;
    this.#store = store;
  }

  /** How many nodes are known, dead and left ones included until they are forgotten. */
  get size(): number {
    return this.#store.size;
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
  get nodes(): readonly KnownNode[] {
    return this.#store.nodes;
  }

  /** The node at a place of the probe order; undefined behind its end. */
  at(place: number): KnownNode | undefined {
    return this.#store.at(place);
  }

  get(name: string): KnownNode | undefined {
    return this.#store.get(name);
  }

  /** An entry of the table, to be changed: from now on this is the entry. */
  change({ name }: KnownNode): MutableNode {
    const node = this.#store.change(name);
    if (!node) throw new Error(`only what is in the table can be changed, and ${name} is not`);
    return node;
  }

  /** Adds a node of a new name at a random place. The caller has checked `full`. */
  add(node: MutableNode): void {
    if (node.stranger) this.#strangers += 1;
    this.#store.insert(this.#random.below(this.size + 1), node);
  }

  /** The node is there: it has answered us, or somebody we asked knows it. */
  acquaint({ name, stranger }: KnownNode): void {
    const node = stranger ? this.#store.change(name) : undefined;
    if (!node?.stranger) return;
    this.#strangers -= 1;
    node.stranger = false;
  }

  /** Forgets the nodes that `forgotten` names, and shuffles the rest for the next round of probes. */
  startRound(forgotten: (node: KnownNode) => boolean): void {
    this.#store.filter((node) => {
      if (!forgotten(node)) return true;
      this.acquaint(node);
      return false;
    });
    for (let last = this.size - 1; last > 0; last--) this.#store.swap(last, this.#random.below(last + 1));
  }

  /**
   * Up to `count` different random nodes for which `eligible` holds. Small tables are shuffled (memberlist
   * 0.6.0), large ones drawn from, at most three draws for every node.
   */
  pick(count: number, eligible: (node: KnownNode) => boolean): KnownNode[] {
    const { size } = this;
    if (size < 3 * count) return shuffled(this.nodes, this.#random).filter(eligible).slice(0, count);
    const picked: KnownNode[] = [];
    for (let draw = 0; draw < 3 * size && picked.length < count; draw++) {
      const node = this.at(this.#random.below(size));
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
