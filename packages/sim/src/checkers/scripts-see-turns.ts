// What a script for all events hears of a member makes sense in its order, too: of its coming before its
// going. Next: member-turns.ts, the order.

import type { Checker } from './checker.ts';
import { MemberTurns } from './member-turns.ts';

/** See `property`. */
export function scriptsSeeTurns(): Checker {
  const turns = new MemberTurns();
  return {
    property: 'scripts hear of members that come and go in turns',
    onScript(node, step) {
      if (step.kind === 'ended' || !('members' in step.event)) return undefined;
      const isForAll = node.settings.scripts.some(
        ({ command, filter }) => command === step.command && filter.event === '*',
      );
      return isForAll ? turns.judge(node, `"${step.command}" of ${node.name}`, step.event) : undefined;
    },
  };
}
