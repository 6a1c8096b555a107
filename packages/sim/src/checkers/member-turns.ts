// In which order somebody may be told of the coming and going of members: one joins before it fails or
// leaves, does not join twice, and is forgotten only when it is gone. Who is told of several events at once
// hears only of the last, so there nothing is wrong but to hear the same twice.

import type { MemberEvent, MemberEventKind } from '@reeve/serf/core';
import type { SimNode } from '../cluster/node.ts';
import type { Verdict } from './checker.ts';

/** What somebody on each node was told last of each member. */
export class MemberTurns {
  readonly #lives = new Map<SimNode, Life>();

  /** What is wrong with telling this now; `who` is told. */
  judge(node: SimNode, who: string, { kind, members }: MemberEvent): Verdict {
    const { last } = this.#lifeOf(node);
    for (const { name } of members) {
      const before = last.get(name);
      if (!mayFollow(before, kind, node.coalesces))
        return `${who} was told ${kind} of ${name} after ${before ?? 'nothing'}`;
      last.set(name, kind);
    }
    return undefined;
  }

  #lifeOf(node: SimNode): Life {
    const known = this.#lives.get(node);
    if (known?.number === node.life) return known;
    const life = { number: node.life, last: new Map() };
    this.#lives.set(node, life);
    return life;
  }
}

interface Life {
  readonly number: number;
  readonly last: Map<string, MemberEventKind>;
}

function mayFollow(before: MemberEventKind | undefined, kind: MemberEventKind, coalesces: boolean): boolean {
  if (coalesces) return before !== kind || kind === 'member-update';
  return followers[before ?? 'member-reap'].includes(kind);
}

/** A failed member may turn out to have left. */
const followers: Readonly<Record<MemberEventKind, readonly MemberEventKind[]>> = {
  'member-join': ['member-update', 'member-failed', 'member-leave'],
  'member-update': ['member-update', 'member-failed', 'member-leave'],
  'member-failed': ['member-join', 'member-leave', 'member-reap'],
  'member-leave': ['member-join', 'member-reap'],
  'member-reap': ['member-join'],
};
