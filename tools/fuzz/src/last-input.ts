// What a process was busy with when it died or had to be killed: each input is written down before it is
// given.

import { existsSync, openSync, readFileSync, writevSync } from 'node:fs';

/** Holds the latest input: its length in four bytes, then itself. */
export class LastInput {
  readonly #file: number;
  readonly #length = Buffer.alloc(4);

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  write(input: Uint8Array): void {
    this.#length.writeUInt32BE(input.length);
    writevSync(this.#file, [this.#length, input], 0);
  }
}

/** The latest input; empty if the process died before it had any. */
export function readLastInput(path: string): Uint8Array {
  if (!existsSync(path)) return new Uint8Array(0);
  const file = readFileSync(path);
  return Uint8Array.from(file.length < 4 ? [] : file.subarray(4, 4 + file.readUInt32BE()));
}
