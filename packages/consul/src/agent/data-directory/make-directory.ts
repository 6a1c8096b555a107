// Directories as Go makes them (os.MkdirAll), with its words when that fails. Node's own `recursive` never
// ends where a directory cannot be made although its parent is there, as in /proc.

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { openError } from '@reeve/runtime';

/** Makes a directory, and those above it; does nothing if it is there. @throws Error in Go's words */
export function makeDirectory(path: string, mode: number): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return;
  if (found !== undefined) throw new Error(`mkdir ${path}: not a directory`);
  if (dirname(path) !== path) makeDirectory(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    throw new Error(openError(path, error, 'mkdir'), { cause: error });
  }
}
