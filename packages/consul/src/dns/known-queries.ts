// Queries that were decoded before: most clients ask the same again, with another number. Who gets the same
// question again can find by it what was made of the first one. Next: resolver.ts.

import { Remembered } from '../remembered/by-key.ts';
import type { Message } from './wire/message.ts';

/** The last queries of all clients. */
export class KnownQueries {
  /** By their bytes without the number. */
  readonly #queries = new Remembered<string, Message>();

  /** What a query says, if it is known. */
  find(bytes: Uint8Array): Message | undefined {
    if (bytes.length > queryBytesMax) return undefined;
    const known = this.#queries.get(keyOf(bytes));
    if (known === undefined) return undefined;
    const id = ((bytes[0] as number) << 8) | (bytes[1] as number);
    return { ...known, header: { ...known.header, id } };
  }

  /** Remembers what a query says. */
  keep(bytes: Uint8Array, query: Message): void {
    if (bytes.length <= queryBytesMax) this.#queries.keep(keyOf(bytes), query);
  }
}

function keyOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset + idBytes, length - idBytes).toString('latin1');
}

const idBytes = 2;
/** A name of some length, and EDNS. */
const queryBytesMax = 128;
