// What an application is told of a member makes sense in its order: it joins before it fails or leaves, it
// does not join twice, and it is forgotten only when it is gone.

import type { MemberEvent, MemberEventKind } from '@reeve/serf/core';
import type { SimNode } from '../cluster/node.ts';
import type { Checker, Verdict } from './checker.ts';

/** See `property`. */
export function membersComeAndGo(): Checker {
  const lives = new Map<SimNode, Life>();
  return {
    property: 'members come and go in turns',
    onTold(node, event) {
      if (event.kind === 'user' || event.kind === 'query') return undefined;
      const known = lives.get(node);
      const life = known?.number === node.life ? known : { number: node.life, last: new Map() };
      lives.set(node, life);
      return judge(node, event, life.last);
    },
  };
}

interface Life {
  readonly number: number;
  /** The last that was told of each member. */
  readonly last: Map<string, MemberEventKind>;
}

function judge(node: SimNode, { kind, members }: MemberEvent, last: Life['last']): Verdict {
  for (const { name } of members) {
    const before = last.get(name);
    if (!mayFollow[before ?? 'member-reap'].includes(kind)) {
      return `${node.name} was told ${kind} of ${name} after ${before ?? 'nothing'}`;
    }
    last.set(name, kind);
  }
  return undefined;
}

/** A failed member may turn out to have left. */
const mayFollow: Readonly<Record<MemberEventKind, readonly MemberEventKind[]>> = {
  'member-join': ['member-update', 'member-failed', 'member-leave'],
  'member-update': ['member-update', 'member-failed', 'member-leave'],
  'member-failed': ['member-join', 'member-leave', 'member-reap'],
  'member-leave': ['member-join', 'member-reap'],
  'member-reap': ['member-join'],
};
