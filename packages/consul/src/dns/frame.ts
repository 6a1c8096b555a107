// Messages over streams: each behind its length in two bytes. RFC 1035, section 4.2.2.

import { concatBytes, DecodeError } from '@reeve/bytes';

/** A message as it goes over a stream, in pieces. */
export function frame(message: Uint8Array): readonly Uint8Array[] {
  return [Uint8Array.of(message.length >> 8, message.length & 0xff), message];
}

/** Finds messages in chunks that are cut anywhere. */
export class FrameReader {
  readonly #messageBytesMax: number;
  // Bounded by what `push` returns: what is left is less than one message.
  #rest: Uint8Array = new Uint8Array(0);

  /** A longer message is refused when its length is known. */
  constructor(messageBytesMax: number) {
    this.#messageBytesMax = messageBytesMax;
  }

  /** The messages that are complete now. @throws DecodeError */
  push(chunk: Uint8Array): Uint8Array[] {
    const bytes = this.#rest.length === 0 ? chunk : concatBytes([this.#rest, chunk]);
    const messages: Uint8Array[] = [];
    let at = 0;
    while (at + 2 <= bytes.length) {
      const length = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      if (length > this.#messageBytesMax) throw new DecodeError('limit', `a message of ${length} bytes`);
      if (at + 2 + length > bytes.length) break;
      messages.push(bytes.slice(at + 2, at + 2 + length));
      at += 2 + length;
    }
    this.#rest = bytes.slice(at);
    return messages;
  }
}
