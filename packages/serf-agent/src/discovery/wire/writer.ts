// Writes a DNS message (RFC 1035, section 4). A name that stands in it already, or the end of one, becomes a
// pointer to that place, so that the bytes are those of the original.
// Only our own messages are written here: five records and their names, far below the 16 KiB pointers reach.
// Next: message.ts.

import { encodeText } from '@reeve/bytes';
import { labelBytesMax, nameBytesMax, pointerMark } from './reader.ts';

/** A message that grows. */
export class MessageWriter {
  readonly #bytes: number[] = [];
  // Where each name, and each end of one, stands. Bounded by the names of one message.
  readonly #offsets = new Map<string, number>();

  uint16(value: number): void {
    this.#bytes.push(value >> 8, value & 0xff);
  }

  bytes(bytes: Iterable<number>): void {
    this.#bytes.push(...bytes);
  }

  /** A character string. @throws RangeError if it is longer than 255 bytes. */
  text(text: string): void {
    const bytes = encodeText(text);
    if (bytes.length > 255) throw new RangeError(`'${text}' is too long for DNS`);
    this.bytes([bytes.length, ...bytes]);
  }

  /**
   * A name. It becomes a pointer where it can, unless `inFull`; others may point to it either way.
   * @throws RangeError if DNS has no such name: an empty label, one over 63 bytes, over 255 in all.
   */
  name(name: string, inFull = false): void {
    if (encodeText(name).length + 2 > nameBytesMax) throw new RangeError(`'${name}' is too long for DNS`);
    const labels = name.split('.');
    for (const [index, label] of labels.entries()) {
      const rest = labels.slice(index).join('.');
      const offset = this.#offsets.get(rest);
      if (offset !== undefined && !inFull) return this.uint16((pointerMark << 8) | offset);
      if (offset === undefined) this.#offsets.set(rest, this.#bytes.length);
      const bytes = encodeText(label);
      if (bytes.length === 0 || bytes.length > labelBytesMax)
        throw new RangeError(`'${label}' in '${name}' cannot be part of a DNS name: 1 to 63 bytes can`);
      this.bytes([bytes.length, ...bytes]);
    }
    this.#bytes.push(0);
  }

  /** What `write` adds, with its length before it. */
  sized(write: () => void): void {
    const start = this.#bytes.length;
    this.uint16(0);
    write();
    const length = this.#bytes.length - start - 2;
    this.#bytes.splice(start, 2, length >> 8, length & 0xff);
  }

  /** All of it. */
  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
