// The state of one node by itself, for a rule that needs no more.

import { lanProfile, silentDelegate } from '@reeve/memberlist';
import type { Runtime } from '@reeve/runtime';
import { Machine } from '../../dist/core/machine.js';

/** The machine of `n1`, which is not started and tells nobody anything. */
export function aloneMachine(runtime: Runtime): Machine {
  return new Machine(lanProfile('n1'), runtime, silentDelegate);
}
