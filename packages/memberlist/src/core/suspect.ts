// A node is suspected: it did not answer somebody. SWIM section 4.2 and Lifeguard section IV-B; upstream:
// memberlist state.go (suspectNode). The node gets time to refute, less of it the more members suspect it.
// Next: suspicion.ts for the time, dead.ts for what follows when nobody refutes.

import { applyDead } from './dead.ts';
import type { Machine } from './machine.ts';
import type { KnownNode } from './node.ts';
import { refute } from './refute.ts';
import { suspicionTimeoutMs } from './scaling.ts';
import { doubtsItself } from './self-doubt.ts';
import { Suspicion } from './suspicion.ts';
import { encodeMessage, type Suspect, suspectCodec } from './wire/messages.ts';

/** Applies a suspect message, ours or another member's. */
export function applySuspect(machine: Machine, suspect: Suspect): void {
  const known = machine.table.get(suspect.node);
  if (!known || suspect.incarnation < known.incarnation) return;
  const suspicion = machine.suspicions.get(suspect.node);
  if (suspicion) {
    // News about a running suspicion travels on, so that independent confirmations reach everyone. Ours: half
    // as often as other news; nothing depends on it but how soon the suspicion ends, and one end is enough.
    const isBrief = machine.config.lifeguard.briefConfirmations;
    if (suspicion.confirm(suspect.from)) broadcastSuspect(machine, suspect, isBrief);
    return;
  }
  if (known.state !== 'alive') return;
  if (machine.isSelf(known.name)) {
    refute(machine, known, suspect.incarnation);
    machine.log('warn', `Refuting a suspect message (from: ${suspect.from})`);
    return;
  }
  broadcastSuspect(machine, suspect);
  machine.runtime.metrics.count('memberlist.msg.suspect', 1);
  const node = machine.table.change(known);
  node.incarnation = suspect.incarnation;
  node.state = 'suspect';
  node.stateChangedAtMs = machine.runtime.clock.now();
  startSuspicion(machine, node, suspect.from);
}

function startSuspicion(machine: Machine, node: KnownNode, from: string): void {
  const { config, table } = machine;
  // Two probe intervals short of what the multiplier asks for; none when there are not enough others to
  // confirm.
  const wanted = config.lifeguard.confirmations ? config.suspicionMult - 2 : 0;
  const confirmationsWanted = table.size - 2 < wanted ? 0 : wanted;
  const minMs = suspicionTimeoutMs(config.suspicionMult, table.size, config.probeIntervalMs);
  const maxMs = config.suspicionMaxTimeoutMult * minMs;
  const suspicion = new Suspicion(
    machine.runtime,
    from,
    { confirmationsWanted, minMs, maxMs },
    (confirmations) => {
      if (doubtsItself(machine)) return suspicion.restart();
      if (confirmations < confirmationsWanted)
        machine.runtime.metrics.count('memberlist.degraded.timeout', 1);
      const heard = `suspect timeout reached (${confirmations} peer confirmations)`;
      machine.log('info', `Marking ${node.name} as failed, ${heard}`);
      applyDead(machine, { incarnation: node.incarnation, node: node.name, from: machine.config.name });
    },
  );
  machine.suspicions.set(node.name, suspicion);
}

function broadcastSuspect(machine: Machine, suspect: Suspect, isBrief = false): void {
  const message = encodeMessage('suspect', suspectCodec, suspect);
  machine.broadcasts.queue({ message, name: suspect.node, isBrief });
}
