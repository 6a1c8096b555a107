// One msgpack message, and then bytes that are none: where the one ends and the others begin.

import { type Codec, concatBytes, DecodeError, MsgpackReader, TruncatedError } from '@reeve/bytes';

/** A message with what came behind it. */
export interface MessageBeforeBytes<Message> {
  readonly message: Message;
  readonly rest: Uint8Array;
}

/** Waits for one message. */
export class MessageReader<Message> {
  readonly #codec: Codec<Message>;
  #received: Uint8Array = new Uint8Array(0);

  constructor(codec: Codec<Message>) {
    this.#codec = codec;
  }

  /** The message, once it is complete; then this is of no further use. @throws DecodeError */
  push(chunk: Uint8Array): MessageBeforeBytes<Message> | undefined {
    this.#received = concatBytes([this.#received, chunk]);
    const reader = new MsgpackReader(this.#received);
    try {
      reader.skip();
    } catch (error) {
      if (!(error instanceof TruncatedError)) throw error;
      if (Math.max(error.needed, this.#received.length) <= messageBytesMax) return undefined;
      throw new DecodeError('limit', `a message of more than ${messageBytesMax} bytes`);
    }
    const message = this.#codec.decode(new MsgpackReader(this.#received));
    return { message, rest: this.#received.subarray(reader.offset) };
  }
}

/** Names, a token and a sentence; few enough to be looked at again with every byte that comes. */
const messageBytesMax = 16 * 1024;
