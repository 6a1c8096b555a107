// What the machine of an agent is like, for `/v1/agent/host`, under the names of Go's gopsutil. Next:
// memory.ts, processors.ts, disk.ts, system.ts. What a system does not tell is 0 or empty.
// Upstream: agent/debug/host.go.

import type { JsonOutput } from '@reeve/cli';
import { diskInfo } from './disk.ts';
import { memoryInfo } from './memory.ts';
import { processorsInfo } from './processors.ts';
import { systemInfo } from './system.ts';

/** Looks at all of it. What cannot be found out is null, and its error is told. */
export async function hostInfo(): Promise<JsonOutput> {
  const collectedAtMs = Date.now();
  const errors: string[] = [];
  const part = (info: () => Promise<JsonOutput>): Promise<JsonOutput> =>
    info().catch((error: Error) => {
      errors.push(error.message);
      return null;
    });
  return {
    Memory: await part(memoryInfo),
    CPU: await part(processorsInfo),
    Host: await part(systemInfo),
    Disk: await part(diskInfo),
    CollectionTime: BigInt(collectedAtMs) * nsPerMs,
    Errors: errors.length === 0 ? null : errors,
  };
}

const nsPerMs = 1_000_000n;
