// Ours: somebody tells what is hard to believe. If it is true members know it, too; so one of them is asked
// for its state, now instead of with the next regular exchange, and what it says is believed.
// One we have met if there is one: nobody who was made up a moment ago. Bounded: one exchange a second.
// Next: reach.ts, who is doubted; push-pull.ts.

import type { Machine } from './machine.ts';
import type { KnownNode } from './node.ts';
import { pushPullWith } from './push-pull.ts';

/** Asks when there are doubts. */
export class SecondOpinion {
  readonly #machine: Machine;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Looks whether there are; called with every round of gossip, which goes on as long as there are. */
  seek(): void {
    const machine = this.#machine;
    const nowMs = machine.runtime.clock.now();
    if (!machine.isInDoubt || nowMs - this.#askedAtMs < intervalMs) return;
    machine.isInDoubt = false;
    this.#askedAtMs = nowMs;
    const isOther = (node: KnownNode): boolean => node.state === 'alive' && !machine.isSelf(node.name);
    const [partner] = [...machine.met.pick(1, isOther), ...machine.table.pick(1, isOther)];
    // Who does not answer is found out by probes.
    if (partner) pushPullWith(machine, partner, false, () => {});
  }
}

const intervalMs = 1_000;
