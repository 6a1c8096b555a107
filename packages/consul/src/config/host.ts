// The machine that the agent runs on, as a configuration sees it.

import { readFileSync } from 'node:fs';
import { hostAddresses, hostName } from '@reeve/runtime/node';
import type { Host } from './build/build-context.ts';

/** Asks the system. */
export function thisHost(): Host {
  return { name: hostName(), addresses: hostAddresses(), openFilesMax: openFilesMax() };
}

function openFilesMax(): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined; // not Linux
  }
}
