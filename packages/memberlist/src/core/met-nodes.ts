// Ours: the nodes that we have had an answer or a question from, from where they are known to be. When hardly
// any of all we have heard of is among them, we have just started, or somebody makes members up. Upstream
// treats all alike, so a thousand names that nobody has take its gossip and its probes away from the members
// who exist. Here those who exist are told, and probed, in turns of their own while there is such a crowd.
// Bounded by the table: names that it has forgotten are dropped when they are met with. Next: gossip.ts,
// probe.ts.

import type { Random } from '@reeve/runtime';
import type { MemberTable } from './member-table.ts';
import type { KnownNode } from './node.ts';

/** The nodes of one table that are there. */
export class MetNodes {
  readonly #table: MemberTable;
  readonly #random: Random;
  /** The one whose last turn is longest ago first. */
  readonly #names = new Set<string>();

  constructor(table: MemberTable, random: Random) {
    this.#table = table;
    this.#random = random;
  }

  /** Whether hardly anybody of whom we have heard is known to be there. */
  get areFew(): boolean {
    return this.#table.size >= crowdMin && this.#names.size * crowdFactor < this.#table.size;
  }

  /** Whether a node is known to be there. */
  has({ name }: KnownNode): boolean {
    return this.#names.has(name);
  }

  /** A node has let us hear from it. */
  meet({ name }: KnownNode): void {
    this.#names.delete(name); // so that it moves to the end
    this.#names.add(name);
  }

  /** The one whose last turn is longest ago, among those for which `eligible` holds; it has its turn now. */
  next(eligible: (node: KnownNode) => boolean): KnownNode | undefined {
    for (const node of this.#known()) {
      if (!eligible(node)) continue;
      this.meet(node);
      return node;
    }
    return undefined;
  }

  /** Up to `count` different random ones for which `eligible` holds. */
  pick(count: number, eligible: (node: KnownNode) => boolean): KnownNode[] {
    const left = [...this.#known()].filter(eligible);
    const picked: KnownNode[] = [];
    while (picked.length < count && left.length > 0) {
      picked.push(...left.splice(this.#random.below(left.length), 1));
    }
    return picked;
  }

  *#known(): Generator<KnownNode> {
    for (const name of this.#names) {
      const node = this.#table.get(name);
      if (node) yield node;
      else this.#names.delete(name);
    }
  }
}

/** Fewer nodes are soon all met, or found out. */
const crowdMin = 12;
const crowdFactor = 4;
