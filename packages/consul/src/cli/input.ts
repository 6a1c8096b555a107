// Arguments that may be files or what comes in: `@file`, `-`. Upstream: command/helpers/helpers.go.

import { readFileSync } from 'node:fs';
import { encodeText } from '@reeve/bytes';
import { openError } from '@reeve/runtime';

/** What an argument stands for. @throws Error in the original's words */
export async function loadArgument(argument: string): Promise<Uint8Array> {
  if (argument.startsWith('@')) return readNamed(argument.slice(1));
  return argument === '-' ? readInput() : encodeText(argument);
}

/** All of standard input. */
export async function readInput(): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}

function readNamed(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`Failed to read file: ${openError(file, error)}`, { cause: error });
  }
}
