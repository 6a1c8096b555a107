// From what Node throws to our errors.

import { DiskError } from '../disk.ts';
import { fileFailure } from '../failures.ts';

/** The operating system's short name (`ECONNREFUSED`); `EINVAL` for arguments Node refuses; else `EOTHER`. */
export function errorCode(error: unknown): string {
  const code = property(error, 'code');
  if (code === undefined) return 'EOTHER';
  return code.startsWith('ERR_') ? 'EINVAL' : code;
}

/** The system call that failed (`read`, `connect`); undefined when Node does not say. */
export function errorCall(error: unknown): string | undefined {
  return property(error, 'syscall');
}

/** A failed call on the file at `path`, in the original's words. */
export function diskError(error: unknown, path: string): DiskError {
  if (error instanceof DiskError) return error;
  return diskErrorAt(error, property(error, 'path') ?? path);
}

/** The same, for a caller who knows the file at `path` only, whichever one the call was made on. */
export function diskErrorAt(error: unknown, path: string): DiskError {
  const call = errorCall(error) ?? 'open';
  return fileFailure(callNames.get(call) ?? call, path, errorCode(error), error);
}

function property(error: unknown, name: 'code' | 'syscall' | 'path'): string | undefined {
  if (!(error instanceof Error) || !(name in error)) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}

/** Go's names where they are not the system's. */
const callNames: ReadonlyMap<string, string> = new Map([
  ['fsync', 'sync'],
  ['fstat', 'stat'],
  ['scandir', 'open'],
  ['unlink', 'remove'],
  ['rm', 'remove'],
]);
