// Coming back after a restart: join through whoever the snapshot remembers. Upstream: serf.go (handleRejoin).

import type { Machine } from './machine.ts';
import { memberAddress } from './reconnect.ts';

/** Tries remembered members, by name and address, in random order until one lets us in. */
export function rejoin(machine: Machine, remembered: ReadonlyMap<string, string>): void {
  if (remembered.size === 0) return;
  machine.seeds.remember([...remembered].map(([name, address]) => memberAddress(name, address)));
  rejoinThrough(machine, shuffle(machine, [...remembered]), 0);
}

function rejoinThrough(machine: Machine, nodes: readonly Remembered[], at: number): void {
  const { gossip } = machine;
  if (machine.state === 'shutdown') return;
  const node = nodes[at];
  if (node === undefined) {
    machine.log('warn', 'Failed to re-join any previously known node');
    return;
  }
  const [name, address] = node;
  if (name === machine.name) return rejoinThrough(machine, nodes, at + 1);
  machine.log('info', `Attempting re-join to previously known node: ${name}: ${address}`);
  gossip.join([memberAddress(name, address)], ({ joined }) => {
    if (joined === 0) return rejoinThrough(machine, nodes, at + 1);
    machine.log('info', `Re-joined to previously known node: ${name}: ${address}`);
  });
}

/** So that restarted nodes do not all go to the same one. */
function shuffle({ runtime }: Machine, nodes: Remembered[]): readonly Remembered[] {
  for (let i = nodes.length - 1; i > 0; i--) {
    const j = runtime.random.below(i + 1);
    [nodes[i], nodes[j]] = [nodes[j] as Remembered, nodes[i] as Remembered];
  }
  return nodes;
}

type Remembered = readonly [name: string, address: string];
