// Accusations (suspect and dead) that arrive from others: which of them can be believed. What we find out
// ourselves goes straight to the rules, as do goodbyes of our own. Next: suspect.ts, dead.ts.

import { textByteLength } from '@reeve/bytes';
import { broadcastAlive } from './broadcast-alive.ts';
import { applyDead } from './dead.ts';
import { incarnationMax, type Machine } from './machine.ts';
import { nameBytesMax } from './node.ts';
import { isInReach } from './reach.ts';
import { applySuspect } from './suspect.ts';
import type { Dead, Suspect } from './wire/messages.ts';

/** Another member says that a node is suspected; `asked` when we had asked it. */
export function onSuspect(machine: Machine, suspect: Suspect, asked = false): void {
  if (isCredible(machine, suspect, asked)) applySuspect(machine, suspect);
}

/** Another member says that a node is dead, or that it has left itself; `asked` when we had asked it. */
export function onDead(machine: Machine, dead: Dead, asked = false): void {
  if (!isCredible(machine, dead, asked)) return;
  const { self } = machine;
  // Ours: who says this has missed our refutation, and would go on believing it. Upstream says nothing.
  if (self && dead.node === self.name && dead.incarnation < self.incarnation && !machine.leaving) {
    return broadcastAlive(machine, self, { name: self.name });
  }
  applyDead(machine, dead);
}

/**
 * Ours. An accusation with the highest incarnation there is leaves no number to refute it with; upstream's
 * counter would overflow and its node stay dead for ever. And an accuser's name is kept and passed on, so it
 * has the bound of all names.
 */
function isCredible(machine: Machine, { incarnation, node, from }: Suspect, asked: boolean): boolean {
  const known = machine.table.get(node);
  if (!known) return false;
  const inReach = incarnation < incarnationMax && isInReach(known.incarnation, incarnation, asked);
  if (inReach && textByteLength(from) <= nameBytesMax) return true;
  machine.onBadInput('warn', `Ignoring an accusation of '${node}' (from: ${from}) that cannot be true`);
  if (!inReach) machine.doubt();
  return false;
}
