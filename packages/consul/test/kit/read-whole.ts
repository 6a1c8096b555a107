// A state, read in one go.

import type { ConsulStateMachine } from '../../dist/core/state-machine.js';

/** What replaces the state of the machine. */
export function readWhole(machine: ConsulStateMachine, state: Uint8Array, isOurs = true): () => void {
  const steps = machine.read(state, isOurs);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
