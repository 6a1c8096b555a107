// A key with its value as the table has it: there may be hundreds of thousands.

import { bytesKept, bytesToKeep } from '@reeve/bytes';
import type { KeyValue } from '../records/index.ts';

/** One row. */
export class KeptKeyValue implements KeyValue {
  readonly lockIndex: number;
  readonly key: string;
  readonly flags: bigint;
  readonly session: string;
  readonly createIndex: number;
  readonly modifyIndex: number;
  readonly #value: string;

  constructor({ lockIndex, key, flags, value, session, createIndex, modifyIndex }: KeyValue) {
    this.lockIndex = lockIndex;
    this.key = key;
    this.flags = flags;
    this.session = session;
    this.createIndex = createIndex;
    this.modifyIndex = modifyIndex;
    this.#value = bytesToKeep(value);
  }

  get value(): Uint8Array {
    return bytesKept(this.#value);
  }

  /** Whether another row of the key is the same, apart from when it was made and changed. */
  isSame(other: KeptKeyValue): boolean {
    const isSameLock = this.lockIndex === other.lockIndex && this.session === other.session;
    return isSameLock && this.flags === other.flags && this.#value === other.#value;
  }
}
