// What is fuzzed of this package.

import type { FuzzTarget } from '@reeve/fuzz';
import { agentTargets } from './agent.ts';
import { machineTargets } from './machine.ts';
import { messageTargets } from './messages.ts';
import { snapshotTargets } from './snapshot.ts';

export const targets: readonly FuzzTarget[] = [
  ...messageTargets,
  ...machineTargets,
  ...snapshotTargets,
  ...agentTargets,
];
