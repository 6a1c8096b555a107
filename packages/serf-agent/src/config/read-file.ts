// The runtime's disk as a promise, for configuration files. Errors say `open PATH: reason`.

import type { Disk } from '@reeve/runtime';

/** A whole small file; rejects with a DiskError. */
export function readFile(disk: Disk, path: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    disk.read(path, fileBytesMax, (result) => (result.ok ? resolve(result.value) : reject(result.error)));
  });
}

// Configuration is written by people; a mistyped path must not fill the memory.
const fileBytesMax = 16 * 1024 * 1024;
