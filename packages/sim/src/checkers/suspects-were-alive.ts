// SWIM section 4.2: suspicion takes back the belief that somebody is alive. Nobody is suspected whom one has
// never heard of, or who is known to be dead.

import { describeBelief } from '../cluster/beliefs.ts';
import type { Checker } from './checker.ts';

/** See `property`. */
export function suspectsWereAlive(): Checker {
  return {
    property: 'only who was alive is suspected',
    onBelief({ viewer, name, before, after }) {
      if (after.state !== 'suspect' || before?.state === 'alive' || before?.state === 'suspect')
        return undefined;
      const was = before ? `was ${describeBelief(before)}` : 'was unknown';
      return `${viewer.name} suspects ${name}, which ${was}`;
    },
  };
}
