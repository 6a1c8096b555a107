// Lays messages out, with name compression as the original's library does it: any name may point to any that
// stands before it; the target of a SRV record is written out, but may be pointed to. Compare miekg/dns,
// packDomainName and Msg.Len.
//
// Without a buffer it only measures: how large an answer is decides what is left out of it, so both ways must
// be one.

import type { DomainName, Suffix } from './domain-name.ts';

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

  /** Leaves room for a length, which `endSized` fills in when the data has been written. */
  beginSized(): number {
    this.#length += 2;
    return this.#length;
  }

  /** What follows `start` is the data. */
  endSized(start: number): void {
    this.#view?.setUint16(start - 2, this.#length - start);
  }

  #name({ wire, suffixes }: DomainName, shortens: boolean): void {
    const known = this.#places === undefined ? undefined : this.#note(suffixes, shortens);
    if (known === undefined) {
      this.bytes(wire);
      if (this.#bytes !== undefined) this.#bytes[this.#length] = 0;
      this.#length += 1;
    } else {
      if (known.start > 0) this.bytes(wire.subarray(0, known.start));
      this.uint16(pointer | known.place);
    }
  }

  /** Notes where a name's suffixes will begin, down to the first that can be pointed to instead. */
  #note(suffixes: readonly Suffix[], shortens: boolean): { start: number; place: number } | undefined {
    const places = this.#places as Map<string, number>;
    for (const { text, start } of suffixes) {
      const place = places.get(text);
      if (place !== undefined && !shortens) return undefined; // so are all that are shorter
      if (place !== undefined) return { start, place };
      if (this.#length + start < placesMax) places.set(text, this.#length + start);
    }
    return undefined;
  }
}

const pointer = 0xc000;
/** A pointer has 14 bits. */
const placesMax = 0x4000;
