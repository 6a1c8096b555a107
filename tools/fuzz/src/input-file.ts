// Inputs in a file: one a line, in hex. So a corpus is kept, a failure written down, and a test made of it by
// copying a line.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** The inputs in a file; none if there is no such file. */
export function readInputs(path: string): Uint8Array[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'latin1').split('\n').slice(0, -1);
  return lines.map((line) => Uint8Array.from(Buffer.from(line, 'hex')));
}

/** Puts inputs in the place of what the file held, all or nothing. */
export function writeInputs(path: string, inputs: readonly Uint8Array[]): void {
  const text = inputs.map((input) => `${Buffer.from(input).toString('hex')}\n`).join('');
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
