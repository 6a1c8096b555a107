// User events: an application is told each at most once, and after a calm time all were told or none. Counted
// are those that run since before the event was sent; who sent it is told at once, so if it is still there,
// everybody has to be. Who was restarted with a snapshot may ignore what is older than its last clock.

import { decodeText } from '@reeve/bytes';
import type { SerfEvent } from '@reeve/serf/core';
import type { SimNode } from '../cluster/node.ts';
import type { Checker, Verdict } from './checker.ts';

/** See `property`. */
export function eventsOnce(): Checker {
  const history = new History();
  let isAttacked = false;
  return {
    property: 'an event is told once to each application, and to everybody or nobody',
    onSending(_node, event) {
      history.sent.set(event, history.sent.size);
      return undefined;
    },
    onTold(node, event) {
      const { told } = history.lifeOf(node); // begins with the first event, of itself joining
      if (event.kind !== 'user') return undefined;
      const id = idOf(event);
      if (told.has(id)) return `${node.name} was told "${id}" twice`;
      told.add(id);
      return history.sent.has(id) || isAttacked
        ? undefined
        : `${node.name} was told "${id}", which nobody sent`;
    },
    onAttack() {
      isAttacked = true;
    },
    onCalm: (nodes) => history.findPartial(nodes),
    onSettled: () => history.settle(),
  };
}

/** What was sent, and who was told. Bounded by the run. */
class History {
  /** Events in the order in which they were sent. */
  readonly sent = new Map<string, number>();
  readonly #lives = new Map<SimNode, Life>();
  #settledAt = Number.POSITIVE_INFINITY;

  lifeOf(node: SimNode): Life {
    const known = this.#lives.get(node);
    if (known?.number === node.life) return known;
    const life = { number: node.life, begunAt: this.sent.size, told: new Set<string>() };
    this.#lives.set(node, life);
    return life;
  }

  settle(): void {
    this.#settledAt = Math.min(this.#settledAt, this.sent.size);
  }

  findPartial(nodes: readonly SimNode[]): Verdict {
    const members = nodes.filter(({ isMember }) => isMember);
    for (const [id, order] of this.sent) {
      const concerned = members.filter((node) => this.#concerns(node, order));
      const told = concerned.find((node) => this.lifeOf(node).told.has(id));
      const missed = concerned.find((node) => !this.lifeOf(node).told.has(id));
      if (told && missed) return `${told.name} was told "${id}", ${missed.name} was not`;
    }
    return undefined;
  }

  #concerns(node: SimNode, order: number): boolean {
    return this.lifeOf(node).begunAt <= order && (!node.hasMemory || order >= this.#settledAt);
  }
}

interface Life {
  readonly number: number;
  /** How many events had been sent before. */
  readonly begunAt: number;
  readonly told: Set<string>;
}

function idOf({ name, payload }: Extract<SerfEvent, { kind: 'user' }>): string {
  return `${name} ${decodeText(payload)}`;
}
