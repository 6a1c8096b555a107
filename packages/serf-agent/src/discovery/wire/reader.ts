// Reads a DNS message front to back (RFC 1035, section 4). Whoever shares the network writes these bytes:
// nothing is read behind their end, and a name is followed only backwards, so that none goes round in
// circles.
// Next: message.ts.

import { DecodeError, decodeText, TruncatedError } from '@reeve/bytes';

/** A message and how far it was read. Every method throws a DecodeError where the bytes make no sense. */
export class MessageReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  uint8(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new TruncatedError(this.#at);
    return byte;
  }

  uint16(): number {
    return (this.uint8() << 8) | this.uint8();
  }

  /** The next `length` bytes, not copied. */
  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new TruncatedError(end);
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** A character string: up to 255 bytes behind their length. */
  text(): string {
    return decodeText(this.bytes(this.uint8()));
  }

  /** A name: its labels with dots between them, without a dot at the end. */
  name(): string {
    const labels: string[] = [];
    let nameBytes = 1;
    let behind: number | undefined;
    let mustStandBefore = this.#at;
    for (;;) {
      const length = this.uint8();
      if (length === 0) break;
      if (length >= pointerMark) {
        const target = ((length & ~pointerMark) << 8) | this.uint8();
        if (target >= mustStandBefore) throw new DecodeError('malformed', 'a name points forwards');
        behind ??= this.#at;
        mustStandBefore = target;
        this.#at = target;
        continue;
      }
      if (length > labelBytesMax) throw new DecodeError('malformed', 'a label of unknown kind');
      nameBytes += 1 + length;
      if (nameBytes > nameBytesMax) throw new DecodeError('limit', `a name of over ${nameBytesMax} bytes`);
      labels.push(decodeText(this.bytes(length)));
    }
    if (behind !== undefined) this.#at = behind;
    return labels.join('.');
  }

  /** Calls `read` for the next `length` bytes, which it must not read beyond, and goes on behind them. */
  within<T>(length: number, read: (end: () => boolean) => T): T {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new TruncatedError(end);
    const value = read(() => this.#at >= end);
    if (this.#at > end) throw new DecodeError('malformed', 'a record is longer than it says');
    this.#at = end;
    return value;
  }
}

/** The two bits that turn a length into the upper half of an offset. */
export const pointerMark = 0xc0;
/** The longest label. */
export const labelBytesMax = 63;
/** The longest name, lengths and the empty label at its end included. */
export const nameBytesMax = 255;
