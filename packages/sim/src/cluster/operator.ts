// Who looks after a cluster as people do: restarts what has ended by itself, and makes nodes join that are
// alone or have never heard of each other. The protocol cannot: a node that was restarted without a memory
// and without an address knows nobody.

import type { Random } from '@reeve/runtime';
import type { SimNode } from './node.ts';

/** Looks at all nodes once a second. */
export class Operator {
  readonly #nodes: readonly SimNode[];
  readonly #random: Random;
  readonly #joinedAtMs = new Map<SimNode, number>();
  readonly #strangeSinceMs = new Map<SimNode, number>();

  constructor(nodes: readonly SimNode[], random: Random) {
    this.#nodes = nodes;
    this.#random = random;
  }

  /** One look. */
  look(nowMs: number): void {
    for (const node of this.#nodes) {
      if (!node.isWanted) continue;
      if (!node.isRunning && nowMs - node.stoppedAtMs >= restartAfterMs) node.start();
      if (node.isUp) this.#introduce(node, nowMs);
    }
  }

  #introduce(node: SimNode, nowMs: number): void {
    const others = this.#nodes.filter((other) => other !== node && other.isUp);
    const members = node.serf?.members() ?? [];
    const strangers = others.filter(({ name }) => !members.some((member) => member.name === name));
    const isAlone = !members.some(({ name, status }) => name !== node.name && status === 'alive');
    if (strangers.length === 0) this.#strangeSinceMs.delete(node);
    else if (!this.#strangeSinceMs.has(node)) this.#strangeSinceMs.set(node, nowMs);
    const isStrange = nowMs - (this.#strangeSinceMs.get(node) ?? nowMs) >= strangeForMs;
    if (isAlone) this.#join(node, others, nowMs);
    else if (isStrange) this.#join(node, strangers, nowMs);
  }

  #join(node: SimNode, others: readonly SimNode[], nowMs: number): void {
    if (others.length === 0 || nowMs - (this.#joinedAtMs.get(node) ?? -joinEveryMs) < joinEveryMs) return;
    this.#joinedAtMs.set(node, nowMs);
    const first = this.#random.below(others.length);
    const chosen = [...others.slice(first), ...others.slice(0, first)].slice(0, contactsMax);
    node.join(chosen.map(({ host }) => host.ip));
  }
}

const restartAfterMs = 10_000;
const joinEveryMs = 5_000;
const strangeForMs = 30_000;
const contactsMax = 3;
