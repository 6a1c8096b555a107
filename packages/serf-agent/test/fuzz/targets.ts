// What is fuzzed of this package.

import type { FuzzTarget } from '@reeve/fuzz';
import { configTargets } from './config.ts';
import { mdnsTargets } from './mdns.ts';
import { rpcObjectTargets } from './rpc-objects.ts';
import { rpcSessionTargets } from './rpc-session.ts';
import { textTargets } from './texts.ts';

export const targets: readonly FuzzTarget[] = [
  ...rpcSessionTargets,
  ...rpcObjectTargets,
  ...mdnsTargets,
  ...configTargets,
  ...textTargets,
];
