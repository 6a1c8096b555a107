// The runtime's disk as promises, for the few small files of the agent. Errors say `open PATH: reason`.

import type { Disk } from '@reeve/runtime';

/** A whole small file; rejects with a DiskError. */
export function readFile(disk: Disk, path: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    disk.read(path, fileBytesMax, (result) => (result.ok ? resolve(result.value) : reject(result.error)));
  });
}

/** Puts `text` in the place of a whole file, readable by its owner only; rejects with a DiskError. */
export function replaceFile(disk: Disk, path: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    disk.replace(path, new TextEncoder().encode(text), ownerOnly, (result) =>
      result.ok ? resolve() : reject(result.error),
    );
  });
}

// Configuration, tags and keys are written by people or hold a few keys; a mistyped path must not fill the
// memory.
const fileBytesMax = 16 * 1024 * 1024;
const ownerOnly = 0o600;
