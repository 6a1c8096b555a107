// What is fuzzed of this package: what other servers send, and what lies on the disk.

import type { FuzzTarget } from '@reeve/fuzz';
import { rpcTargets } from './rpc.ts';
import { storageTargets } from './storage.ts';

export const targets: readonly FuzzTarget[] = [...rpcTargets, ...storageTargets];
