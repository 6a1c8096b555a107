// When everything is in order and nothing happens, nobody is suspected and nothing changes.

import { describeBelief } from '../cluster/beliefs.ts';
import type { Checker } from './checker.ts';

/** See `property`. */
export function peaceLasts(): Checker {
  let isPeaceNow = false;
  return {
    property: 'in a cluster without faults nobody changes their mind',
    onPeace(isPeace) {
      isPeaceNow = isPeace;
    },
    onBelief({ viewer, name, after }) {
      return isPeaceNow ? `${viewer.name} takes ${name} for ${describeBelief(after)}` : undefined;
    },
  };
}
