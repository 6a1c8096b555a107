// What an application is told of a member makes sense in its order. Next: member-turns.ts, the order.

import type { Checker } from './checker.ts';
import { MemberTurns } from './member-turns.ts';

/** See `property`. */
export function membersComeAndGo(): Checker {
  const turns = new MemberTurns();
  return {
    property: 'members come and go in turns',
    onTold: (node, event) => ('members' in event ? turns.judge(node, node.name, event) : undefined),
  };
}
