// A node that runs is alive in its own table, whatever others say; only its own goodbye changes that.

import { describeBelief } from '../cluster/beliefs.ts';
import type { Checker } from './checker.ts';

/** See `property`. */
export function believesInItself(): Checker {
  return {
    property: 'a node never takes itself for dead or suspected',
    onBelief({ viewer, name, after }) {
      if (name !== viewer.name || after.state === 'alive' || !viewer.isMember) return undefined;
      return `${name} takes itself for ${describeBelief(after)}`;
    },
  };
}
