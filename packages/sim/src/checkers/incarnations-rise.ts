// SWIM section 4.2: only a node itself raises its incarnation, and everybody keeps the highest one heard of.
// As in the original a node that comes back from another address begins anew.

import { hasMoved } from '../cluster/beliefs.ts';
import type { Checker } from './checker.ts';

/** See `property`. */
export function incarnationsRise(): Checker {
  return {
    property: 'an incarnation never goes back',
    onBelief({ viewer, name, before, after }) {
      if (!before || after.incarnation >= before.incarnation || hasMoved(before, after)) return undefined;
      const step = `from ${before.incarnation} to ${after.incarnation}`;
      return `${viewer.name} took the incarnation of ${name} back ${step}`;
    },
  };
}
