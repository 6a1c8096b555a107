// Where a member table keeps its entries: by name, and in probe order. Apart from the table, so that a
// simulation of a large cluster can keep what everybody believes of everybody once: ten thousand stores of
// ten thousand entries fit no machine. Next: member-table.ts, which has the rules.

import type { KnownNode, MutableNode } from './node.ts';

/** The entries of one table. */
export interface NodeStore {
  readonly size: number;
  /** All nodes, in probe order. */
  readonly nodes: readonly KnownNode[];
  /** The node at a place of the probe order; undefined behind its end. */
  at(place: number): KnownNode | undefined;
  get(name: string): KnownNode | undefined;
  /** An entry, to be changed: from now on this is the entry. */
  change(name: string): MutableNode | undefined;
  /** Adds a node of a new name at a place, whose node moves to the end. */
  insert(place: number, node: MutableNode): void;
  /** Keeps the nodes for which `isKept` holds, in their order. */
  filter(isKept: (node: KnownNode) => boolean): void;
  /** Exchanges the nodes at two places of the probe order. */
  swap(place: number, other: number): void;
}

/** A node's own entries. Invariant: the list and the index by name hold the same nodes. */
export class OwnNodes implements NodeStore {
  // Bounded by the table.
  readonly #byName = new Map<string, MutableNode>();
  #inProbeOrder: MutableNode[] = [];

  get size(): number {
    return this.#inProbeOrder.length;
  }

  get nodes(): readonly KnownNode[] {
    return this.#inProbeOrder;
  }

  at(place: number): KnownNode | undefined {
    return this.#inProbeOrder[place];
  }

  get(name: string): KnownNode | undefined {
    return this.#byName.get(name);
  }

  change(name: string): MutableNode | undefined {
    return this.#byName.get(name);
  }

  insert(place: number, node: MutableNode): void {
    this.#byName.set(node.name, node);
    const moved = this.#inProbeOrder[place];
    if (moved) this.#inProbeOrder.push(moved);
    this.#inProbeOrder[place] = node;
  }

  filter(isKept: (node: KnownNode) => boolean): void {
    this.#inProbeOrder = this.#inProbeOrder.filter((node) => {
      if (isKept(node)) return true;
      this.#byName.delete(node.name);
      return false;
    });
  }

  swap(place: number, other: number): void {
    const order = this.#inProbeOrder;
    const [one, another] = [order[place], order[other]];
    if (!one || !another) return;
    order[place] = another;
    order[other] = one;
  }
}
