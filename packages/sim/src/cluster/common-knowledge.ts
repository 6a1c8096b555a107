// What everybody knows of everybody, kept once for all nodes of a large cluster: each node keeps only what it
// believes differently. Ten thousand tables of ten thousand entries would fit no machine, and a cluster of
// that size would have to form for hours before there were anything to see.
//
// The rules of the protocol do not notice: they ask their tables as ever. Next: overlay.ts.

import type { KnownNode, MutableNode, NodeStore } from '@reeve/memberlist';
import type { Random } from '@reeve/runtime';
import type { Acquaintance, KnownMember, MemberState, MemberStore, Serf } from '@reeve/serf/core';
import { Overlay } from './overlay.ts';

/** The common knowledge of one cluster. */
export class CommonKnowledge {
  readonly #names = new Names();
  readonly #nodes = new Map<string, KnownNode>();
  readonly #members = new Map<string, KnownMember>();
  readonly #order: Uint16Array;

  /** `described` have started, and so can say of themselves what will be known of each. */
  constructor(described: readonly Serf[]) {
    for (const serf of described) {
      const member = serf.localMember();
      const [self] = serf.gossipNodes;
      if (self) this.#nodes.set(self.name, Object.freeze({ ...self, stranger: false }));
      this.#members.set(member.name, Object.freeze({ member, statusLTime: 0, goneAtMs: 0 }));
    }
    this.#order = Uint16Array.from(this.#nodes.keys(), (name) => this.#names.numberOf(name));
  }

  /** Where a node that is about to start keeps what it knows, which is all this. */
  acquaintance(random: Random): Acquaintance {
    const nodes = new StoredNodes(this.#nodes, this.#names, this.#order.slice());
    nodes.shuffle(random);
    return { nodes, members: new StoredMembers(this.#members, copyMember) };
  }
}

class StoredMembers extends Overlay<KnownMember, MemberState> implements MemberStore {}

class StoredNodes extends Overlay<KnownNode, MutableNode> implements NodeStore {
  readonly #names: Names;
  /** The numbers of names. */
  #inProbeOrder: Uint16Array;

  /** `order`: the numbers of the common names. */
  constructor(common: ReadonlyMap<string, KnownNode>, names: Names, order: Uint16Array) {
    super(common, (known) => ({ ...known }));
    this.#names = names;
    this.#inProbeOrder = order;
  }

  /** Nobody probes in the order of others. */
  shuffle(random: Random): void {
    for (let last = this.size - 1; last > 0; last--) this.swap(last, random.below(last + 1));
  }

  override get size(): number {
    return this.#inProbeOrder.length;
  }

  get nodes(): readonly KnownNode[] {
    const nodes: KnownNode[] = [];
    for (const number of this.#inProbeOrder) {
      const node = this.#numbered(number);
      if (node) nodes.push(node);
    }
    return nodes;
  }

  at(place: number): KnownNode | undefined {
    const number = this.#inProbeOrder[place];
    return number === undefined ? undefined : this.#numbered(number);
  }

  insert(place: number, node: MutableNode): void {
    this.set(node.name, node);
    const order = new Uint16Array(this.size + 1);
    order.set(this.#inProbeOrder);
    order[this.size] = order[place] ?? 0;
    order[place] = this.#names.numberOf(node.name);
    this.#inProbeOrder = order;
  }

  filter(isKept: (node: KnownNode) => boolean): void {
    this.#inProbeOrder = this.#inProbeOrder.filter((number) => {
      const node = this.#numbered(number);
      if (node === undefined || isKept(node)) return true;
      this.delete(node.name);
      return false;
    });
  }

  swap(place: number, other: number): void {
    const order = this.#inProbeOrder;
    const moved = order[place] ?? 0;
    order[place] = order[other] ?? 0;
    order[other] = moved;
  }

  #numbered(number: number): KnownNode | undefined {
    return this.get(this.#names.named(number));
  }
}

/** A number for each name: two bytes in every node's order of probes, instead of eight. */
class Names {
  // Bounded by the nodes that a simulation ever has.
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#names.length;
    if (number > 0xffff) throw new RangeError('a simulation has 65,536 names at most');
    this.#names.push(name);
    this.#numbers.set(name, number);
    return number;
  }

  named(number: number): string {
    return this.#names[number] ?? '';
  }
}

function copyMember(known: KnownMember): MemberState {
  return { ...known, isPruneDue: false, departureDue: undefined };
}
