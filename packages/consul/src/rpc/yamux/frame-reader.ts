// Cuts what arrives on a connection into frames. A payload is passed on in the pieces in which it arrives and
// never gathered here, so that the only memory this takes is a header's.

import { decodeHeader, type FrameHeader, headerBytes } from './frame.ts';

/** What becomes of frames: a header, then any number of pieces of its payload, then the end. */
export interface FrameHandler {
  onHeader(header: FrameHeader): void;
  /** A piece of the payload; never empty. */
  onPayload(piece: Uint8Array): void;
  onFrameEnd(): void;
}

/** Bytes in, headers and pieces of payload out. */
export class FrameReader {
  readonly #handler: FrameHandler;
  readonly #header = new Uint8Array(headerBytes);
  #headerLength = 0;
  #payloadLeft = 0;

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  /** Takes what has arrived; throws the `DecodeError` of a header that is none. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      at += this.#payloadLeft > 0 ? this.#takePayload(chunk, at) : this.#takeHeader(chunk, at);
    }
  }

  #takePayload(chunk: Uint8Array, at: number): number {
    const taken = Math.min(this.#payloadLeft, chunk.length - at);
    this.#payloadLeft -= taken;
    this.#handler.onPayload(chunk.subarray(at, at + taken));
    if (this.#payloadLeft === 0) this.#handler.onFrameEnd();
    return taken;
  }

  #takeHeader(chunk: Uint8Array, at: number): number {
    const taken = Math.min(headerBytes - this.#headerLength, chunk.length - at);
    this.#header.set(chunk.subarray(at, at + taken), this.#headerLength);
    this.#headerLength += taken;
    if (this.#headerLength === headerBytes) {
      this.#headerLength = 0;
      const header = decodeHeader(this.#header);
      if (header.type === 'data') this.#payloadLeft = header.length;
      this.#handler.onHeader(header);
      if (this.#payloadLeft === 0) this.#handler.onFrameEnd();
    }
    return taken;
  }
}
