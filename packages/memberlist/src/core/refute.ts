// We are alive, whatever they say: answer an accusation with a higher incarnation. SWIM section 4.2.
// Upstream: memberlist state.go (refute). Next: alive.ts, suspect.ts, dead.ts, which find the accusations.

import { broadcastAlive } from './broadcast-alive.ts';
import type { Machine } from './machine.ts';
import type { KnownNode } from './node.ts';

/** Raises our incarnation above `accused` and tells everyone. Being accused is a sign of bad health. */
export function refute(machine: Machine, known: KnownNode, accused: number): void {
  const self = machine.table.change(known);
  self.incarnation = machine.nextIncarnation(accused);
  machine.awareness.apply(1);
  // Quirk: named by the address, so that it does not replace the accusations still queued under our name.
  broadcastAlive(machine, self, { name: self.host });
}
