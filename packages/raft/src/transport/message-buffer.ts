// Turns what arrives on a connection, cut anywhere, into whole messages.

import { concatBytes, DecodeError, MsgpackReader, TruncatedError } from '@reeve/bytes';

/** Keeps what has arrived of the next message. Bounded by `bytesMax`, which what it gets is held against. */
export class MessageBuffer {
  readonly #bytesMax: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  /** Fewer bytes than this are no whole message. */
  #needed = 1;

  /** @param bytesMax of one message. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** How much has arrived and was not read. */
  get length(): number {
    return this.#bytes;
  }

  /** Takes the next chunk. */
  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** The next message if all of it is there. @throws DecodeError when it is none or exceeds the bound. */
  read<T>(parse: (reader: MsgpackReader) => T): { readonly message: T } | undefined {
    if (this.#bytes < this.#needed) return undefined;
    const reader = new MsgpackReader(this.#join());
    try {
      const message = parse(reader);
      this.#drop(reader.offset);
      return { message };
    } catch (error) {
      if (!(error instanceof TruncatedError)) throw error;
      if (error.needed > this.#bytesMax)
        throw new DecodeError('limit', `a message of more than ${this.#bytesMax} bytes`);
      this.#needed = error.needed;
      return undefined;
    }
  }

  /** Up to so many bytes as they are. */
  take(bytesMax: number): Uint8Array {
    const bytes = this.#join().subarray(0, bytesMax);
    this.#drop(bytes.length);
    return bytes;
  }

  #join(): Uint8Array {
    const [first] = this.#chunks;
    if (this.#chunks.length === 1 && first !== undefined) return first;
    const joined = concatBytes(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }

  #drop(bytes: number): void {
    const rest = this.#join().subarray(bytes);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#bytes = rest.length;
    this.#needed = 1;
  }
}
