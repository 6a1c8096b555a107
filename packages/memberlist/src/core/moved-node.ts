// Ours: somebody who has left is said to be alive at another address. Upstream believes that at once, so two
// forged packets, a goodbye and a life, take a name over. Here the node is asked first, where it was: if it
// answers, the goodbye was a lie (it is told of it, and will refute), or it is about to leave; so it is asked
// again, until it is known to be alive, or nobody answers. Then the claim is believed.
// Bounded: one claim a node, and as many at once as there may be indirect probes. Next: presence.ts.

import type { Machine } from './machine.ts';
import type { KnownNode } from './node.ts';
import { findOut } from './presence.ts';
import { encodeMessage, suspectCodec } from './wire/messages.ts';

/** Calls `believe` when nobody is any more where the node was; claims that come meanwhile are dropped. */
export function checkMove(machine: Machine, { name }: KnownNode, believe: () => void): void {
  const { moving, config } = machine;
  if (moving.has(name) || moving.size >= config.limits.indirectProbesMax) return;
  moving.add(name);
  ask(machine, name, asksMax, (hasMoved) => {
    moving.delete(name);
    if (hasMoved) believe();
  });
}

function ask(machine: Machine, name: string, asksLeft: number, done: (hasMoved: boolean) => void): void {
  const { runtime, config } = machine;
  const node = goneNode(machine, name);
  if (asksLeft === 0 || !node) return done(false);
  const goodbye = { incarnation: node.incarnation, node: name, from: name };
  findOut(machine, name, node, [encodeMessage('dead', suspectCodec, goodbye)], (isThere) => {
    if (!isThere) return done(goneNode(machine, name) !== undefined);
    const askAgain = runtime.timers.after(config.probeIntervalMs, () => {
      stopsWithNode();
      ask(machine, name, asksLeft - 1, done);
    });
    const stopsWithNode = machine.underway.add(() => askAgain.cancel());
  });
}

function goneNode(machine: Machine, name: string): KnownNode | undefined {
  const node = machine.table.get(name);
  return node?.state === 'left' || node?.state === 'dead' ? node : undefined;
}

/** As many seconds as a leaving node may still answer, and some. */
const asksMax = 5;
