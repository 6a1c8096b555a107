// A node is declared dead, or says goodbye itself. SWIM section 4.2 (confirm); upstream: memberlist state.go
// (deadNode). The node's own word makes it `left`, anybody else's `dead`. About ourselves: refuted, unless we
// leave.
// Next: leave.ts, which sends the goodbye.

import type { Machine } from './machine.ts';
import { refute } from './refute.ts';
import { type Dead, encodeMessage, suspectCodec } from './wire/messages.ts';

/** Applies a dead message. `finished` is called when the broadcast of our own goodbye went out. */
export function applyDead(machine: Machine, dead: Dead, finished?: () => void): void {
  const known = machine.table.get(dead.node);
  if (!known || dead.incarnation < known.incarnation) return;
  machine.suspicions.get(dead.node)?.cancel();
  machine.suspicions.delete(dead.node);
  if (known.state === 'dead' || known.state === 'left') return;
  if (machine.isSelf(known.name) && !machine.leaving) {
    refute(machine, known, dead.incarnation);
    machine.log('warn', `Refuting a dead message (from: ${dead.from})`);
    return;
  }
  const message = encodeMessage('dead', suspectCodec, dead);
  machine.broadcasts.queue({ message, name: known.name, finished });
  machine.runtime.metrics.count('memberlist.msg.dead', 1);
  const node = machine.table.change(known);
  node.incarnation = dead.incarnation;
  node.state = dead.node === dead.from ? 'left' : 'dead';
  node.stateChangedAtMs = machine.runtime.clock.now();
  machine.delegate.onLeave(node);
}
