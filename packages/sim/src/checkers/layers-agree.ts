// Serf's members follow memberlist's nodes: who is alive or suspected below is alive or leaving above, who is
// dead or left below has failed or left above.

import type { Checker } from './checker.ts';

/** See `property`. */
export function layersAgree(): Checker {
  return {
    property: 'what serf says of a member is what memberlist believes',
    onBelief({ viewer, name, after }) {
      const status = viewer.serf?.members().find((member) => member.name === name)?.status;
      const isHereBelow = after.state === 'alive' || after.state === 'suspect';
      const isHereAbove = status === 'alive' || status === 'leaving';
      if (isHereBelow === isHereAbove) return undefined;
      return `${viewer.name} has ${name} ${after.state} in memberlist and ${status ?? 'unknown'} in serf`;
    },
  };
}
