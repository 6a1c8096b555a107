// SWIM section 4.2: who is declared dead, or has left, is only believed alive again with a higher incarnation
// than the one it died with – or from another address, as in the original.

import { describeBelief, hasMoved } from '../cluster/beliefs.ts';
import type { Checker } from './checker.ts';

/** See `property`. */
export function noResurrection(): Checker {
  return {
    property: 'nobody rises from the dead without a higher incarnation',
    onBelief({ viewer, name, before, after }) {
      const wasGone = before?.state === 'dead' || before?.state === 'left';
      const isHere = after.state === 'alive' || after.state === 'suspect';
      if (!before || !wasGone || !isHere || hasMoved(before, after)) return undefined;
      if (after.state === 'alive' && after.incarnation > before.incarnation) return undefined;
      return `${viewer.name} took ${name} for ${describeBelief(after)} after ${describeBelief(before)}`;
    },
  };
}
