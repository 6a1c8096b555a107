// Small files of the agent that are read as a whole: tags and keys. Next: tags-file.ts, keyring-file.ts.

import type { Disk, DiskError, Result } from '@reeve/runtime';

/** A whole small file. */
export function readSmallFile(
  disk: Disk,
  path: string,
  done: (result: Result<Uint8Array, DiskError>) => void,
): void {
  disk.read(path, fileBytesMax, done);
}

/** What `attempt` returns; or, if it throws, an error that says what went wrong and then why. */
export function explained<T>(what: string, attempt: () => T): Result<T> {
  try {
    return { ok: true, value: attempt() };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { ok: false, error: new Error(`${what}: ${reason}`, { cause }) };
  }
}

// They hold a few tags or keys; a mistyped path must not fill the memory.
const fileBytesMax = 16 * 1024 * 1024;
