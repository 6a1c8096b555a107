// Lays messages out, with name compression as the original's library does it: any name may point to any that
// stands before it; the target of a SRV record is written out, but may be pointed to. Compare miekg/dns,
// packDomainName and Msg.Len.
//
// Without a buffer it only measures: how large an answer is decides what is left out of it, so both ways must
// be one.

import type { DomainName } from './domain-name.ts';

/** Writes, or measures, one message from its beginning. */
export class MessageWriter {
  readonly #bytes: Uint8Array | undefined;
  readonly #view: DataView | undefined;
  /** Where names begin that later ones can point to; undefined: names are not compressed. */
  readonly #places: Map<string, number> | undefined;
  #length = 0;

  constructor(compresses: boolean, bytes?: Uint8Array) {
    this.#places = compresses ? new Map() : undefined;
    this.#bytes = bytes;
    this.#view = bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** So far. */
  get length(): number {
    return this.#length;
  }

  /** A name that may be shortened. */
  name(name: DomainName): void {
    this.#name(name, true);
  }

  /** A name that stands in full: other programs need not know that it could be shortened. */
  fullName(name: DomainName): void {
    this.#name(name, false);
  }

  uint16(value: number): void {
    this.#view?.setUint16(this.#length, value);
    this.#length += 2;
  }

  uint32(value: number): void {
    this.#view?.setUint32(this.#length, value);
    this.#length += 4;
  }

  bytes(bytes: Uint8Array): void {
    this.#bytes?.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Data behind its length. */
  sized(write: () => void): void {
    const at = this.#length;
    this.#length += 2;
    write();
    this.#view?.setUint16(at, this.#length - at - 2);
  }

  #name({ labels, suffixes }: DomainName, shortens: boolean): void {
    const places = this.#places;
    for (let i = 0; i < labels.length; i++) {
      if (places !== undefined) {
        const suffix = suffixes[i] as string;
        const place = places.get(suffix);
        if (place !== undefined && shortens) return this.uint16(pointer | place);
        if (place === undefined && this.#length < placesMax) places.set(suffix, this.#length);
      }
      this.bytes(labels[i] as Uint8Array);
    }
    if (this.#bytes !== undefined) this.#bytes[this.#length] = 0;
    this.#length += 1;
  }
}

const pointer = 0xc000;
/** A pointer has 14 bits. */
const placesMax = 0x4000;
