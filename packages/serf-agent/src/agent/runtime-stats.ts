// The runtime section of `serf info`: what kind of process this is. Keys are upstream's (util.go,
// runtimeStats).

import { availableParallelism } from 'node:os';
import { openResources } from '@reeve/runtime/node';

/** Facts about this process, as text. Names of systems and processors are Go's. */
export function runtimeStats(): ReadonlyMap<string, string> {
  return new Map([
    ['arch', goArchitectures.get(process.arch) ?? process.arch],
    ['cpu_count', processors],
    ['goroutines', `${openResources()}`],
    ['max_procs', processors],
    ['os', process.platform === 'win32' ? 'windows' : process.platform],
    ['version', process.version],
  ]);
}

/** Those we may run on, counted once, as Go does. */
const processors = `${availableParallelism()}`;
const goArchitectures: ReadonlyMap<string, string> = new Map([
  ['x64', 'amd64'],
  ['ia32', '386'],
]);
