// What is fuzzed of this package: what other servers send, and what lies on the disk.

import type { FuzzTarget } from '@reeve/fuzz';
import { connectionTargets } from './connections.ts';
import { rpcTargets } from './rpc.ts';
import { storageTargets } from './storage.ts';

export const targets: readonly FuzzTarget[] = [...rpcTargets, ...connectionTargets, ...storageTargets];
