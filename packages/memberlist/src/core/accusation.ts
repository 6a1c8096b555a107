// What makes an accusation (suspect or dead) one that can be believed. Next: suspect.ts, dead.ts.

import { incarnationMax, type Machine } from './machine.ts';
import type { Suspect } from './wire/messages.ts';

/**
 * Ours: an accusation with the highest incarnation there is leaves no number to refute it with. No honest node
 * gets there by counting, so it is refused; upstream's counter overflows and the node stays dead for ever.
 */
export function cannotBeRefuted(machine: Machine, accusation: Suspect): boolean {
  if (accusation.incarnation < incarnationMax) return false;
  const { node, from } = accusation;
  machine.onBadInput('warn', `Ignoring an accusation of '${node}' (from: ${from}) that nobody could refute`);
  return true;
}
